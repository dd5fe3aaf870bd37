namespace TokenAuth.Testing;

/// <summary>Looks at the token of every data request and enters in the ledger what it saw.</summary>
internal sealed class VkCloudGate(
    TokenServiceEmulatorOptions options,
    EmulatedVkCloud vkCloud,
    TokenServiceFaults faults,
    LedgerBook book
)
{
    public VkCloudAdmission Admit(TokenServiceEndpoint endpoint, string? accessToken, string scope)
    {
        var admission = Look(endpoint, accessToken, scope);
        if (admission != VkCloudAdmission.Admitted)
            book.Rejected(endpoint);
        return admission;
    }

    /// <summary>Decides on a token of another kind: the task tokens of streaming recognition.</summary>
    public bool Admit(TokenServiceEndpoint endpoint, bool isGood)
    {
        var admitted = !faults.TakeRejection(endpoint) && isGood;
        if (!admitted)
            book.Rejected(endpoint);
        return admitted;
    }

    private VkCloudAdmission Look(TokenServiceEndpoint endpoint, string? accessToken, string scope)
    {
        var (token, isActive) = vkCloud.Project.Find(accessToken ?? "");
        if (token is not null)
            book.Presented(endpoint, options.TimeProvider.GetUtcNow() - token.IssuedAt);

        if (faults.TakeRejection(endpoint))
            return VkCloudAdmission.InvalidToken;
        if (!isActive && !options.VkCloud.ServiceTokens.Contains(accessToken ?? ""))
            return VkCloudAdmission.InvalidToken;
        if (!vkCloud.IsActive)
            return VkCloudAdmission.InactiveProject;
        if (token is not null && !token.Client.Scopes.Contains(scope, StringComparer.Ordinal))
            return VkCloudAdmission.ScopeMissing;
        return VkCloudAdmission.Admitted;
    }
}
