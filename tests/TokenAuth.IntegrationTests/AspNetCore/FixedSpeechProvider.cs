namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>A provider of an application's own, with one token of five minutes by the manual clock's start.</summary>
internal sealed class FixedSpeechProvider(string? Endpoint = null, Exception? Error = null)
    : ITokenProvider,
        IAzureSpeechResource
{
    private readonly AccessToken _token = new("a.b.c", new DateTimeOffset(2026, 1, 1, 0, 5, 0, TimeSpan.Zero));

    public bool GrantsServiceTokens { get; set; } = true;

    string? IAzureSpeechResource.Region => "eastus";

    Uri? IAzureSpeechResource.Endpoint => Endpoint is null ? null : new Uri(Endpoint);

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        Error is null ? new(_token) : throw Error;

    public void Invalidate(AccessToken rejected) { }
}
