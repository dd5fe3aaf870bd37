namespace TokenAuth;

/// <summary>The services that the tokens of a registered resource are for, as its options say it.</summary>
internal sealed class AzureSpeechEntraAudience : ITokenAudience, IAzureSpeechResource
{
    public AzureSpeechEntraAudience(AzureSpeechEntraOptions options)
    {
        GrantsServiceTokens = options.Form == EntraTokenForm.Exchanged;
        if (AzureSpeechEntraOptionsValidator.Errors(options).Any())
            return;

        var resource = new AzureSpeechEntraResource(options);
        (Region, Endpoint, AllowedHosts) = (resource.Region, resource.Endpoint, resource.Hosts);
    }

    public IReadOnlyCollection<string> AllowedHosts { get; } = [];

    public string? Region { get; }

    public Uri? Endpoint { get; }

    public bool GrantsServiceTokens { get; }

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(StandardRejection.IsOfVendor(response));
}
