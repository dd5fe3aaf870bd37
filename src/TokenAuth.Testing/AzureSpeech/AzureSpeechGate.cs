using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Looks at the token or key of every data request and enters in the ledger what it saw.</summary>
internal sealed class AzureSpeechGate(
    TokenServiceEmulatorOptions options,
    EmulatedAzureSpeech azureSpeech,
    TokenServiceFaults faults,
    LedgerBook book
)
{
    /// <summary>The status of the refusal, or nothing.</summary>
    public int? Refusal(HttpContext context, TokenServiceEndpoint endpoint)
    {
        var refusal = Look(context, endpoint);
        if (refusal is not null)
            book.Rejected(endpoint);
        return refusal;
    }

    private int? Look(HttpContext context, TokenServiceEndpoint endpoint)
    {
        var bearer = Credential.Bearer(context);
        var (token, isActive) = azureSpeech.Find(bearer ?? "");
        if (token is not null)
            book.Presented(endpoint, options.TimeProvider.GetUtcNow() - token.IssuedAt);

        var rejection = (int)options.AzureSpeech.RejectionStatusCode;
        if (faults.TakeRejection(endpoint))
            return rejection;
        if (bearer is not null && azureSpeech.AcceptsEntra(bearer, FormAt(endpoint)))
            return EntraRefusal(context, endpoint) ?? (azureSpeech.IsRegionOf(context) ? null : rejection);
        if (bearer is not null)
            return isActive && azureSpeech.IsRegionOf(context) && HasScopeFor(context, token!) ? null : rejection;
        if (Credential.Read(context, EmulatedAzureSpeech.KeyHeader) is not null)
            return azureSpeech.AcceptsKey(context) ? null : StatusCodes.Status401Unauthorized;

        // Speech to text tells "missing" from "wrong".
        return endpoint == TokenServiceEndpoint.AzureStt
            ? StatusCodes.Status403Forbidden
            : StatusCodes.Status401Unauthorized;
    }

    // One of Azure's pages shows a plain token at a region's host; another demands a custom domain, as the gateway itself does.
    private static int? EntraRefusal(HttpContext context, TokenServiceEndpoint endpoint) =>
        FormAt(endpoint) == AzureSpeechEntraForm.Plain && AzureSpeechRegion.IsRegional(context.Request.Host.Host)
            ? StatusCodes.Status400BadRequest
            : null;

    private static bool HasScopeFor(HttpContext context, AzureSpeechToken token) =>
        !AzureSpeechRegion.IsManagementHost(context.Request.Host.Host)
        || token.Scope == EmulatedAzureSpeech.ManagementScope;

    private static AzureSpeechEntraForm FormAt(TokenServiceEndpoint endpoint) =>
        endpoint == TokenServiceEndpoint.AzureTranscriptions
            ? AzureSpeechEntraForm.Plain
            : AzureSpeechEntraForm.Composite;
}
