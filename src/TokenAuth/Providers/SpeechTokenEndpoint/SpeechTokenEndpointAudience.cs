namespace TokenAuth;

/// <summary>The services that an endpoint's tokens are for, as far as its options say it.</summary>
internal sealed class SpeechTokenEndpointAudience(SpeechTokenEndpointClientOptions options)
    : ITokenAudience,
        IAzureSpeechResource
{
    private readonly NamedSpeechResource _resource = new(
        options.Region is { } region && AzureSpeechRegion.IsWellFormed(region) ? region : null
    );

    public IReadOnlyCollection<string> AllowedHosts => _resource.Hosts;

    public string? Region => _resource.Region;

    public Uri? Endpoint => null; // comes with a token

    public bool GrantsServiceTokens => true;

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(StandardRejection.IsOfVendor(response));
}
