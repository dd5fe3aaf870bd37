namespace TokenAuth;

/// <summary>The services that a resource's tokens or keys are for, as its options say it, whether or not they have a key.</summary>
internal sealed class AzureSpeechAudience : ITokenAudience, IAzureSpeechResource
{
    public AzureSpeechAudience(AzureSpeechOptions options, bool isOfKeys)
    {
        if (!HasAddress(options))
            return;

        var resource = new AzureSpeechResource(options);
        (Region, Endpoint) = (resource.Region, resource.Endpoint);
        GrantsServiceTokens = !resource.GrantsManagement;
        AllowedHosts = isOfKeys ? resource.KeyHosts : resource.TokenHosts;
    }

    public IReadOnlyCollection<string> AllowedHosts { get; } = [];

    public string? Region { get; }

    public Uri? Endpoint { get; }

    public bool GrantsServiceTokens { get; } = true;

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(StandardRejection.IsOfVendor(response));

    private static bool HasAddress(AzureSpeechOptions options) =>
        !AzureSpeechAddressError.All(options).Any()
        && (
            string.IsNullOrEmpty(options.Region)
                ? options.Endpoint is not null || options.TokenEndpoint is not null
                : AzureSpeechRegion.IsWellFormed(options.Region!)
        );
}
