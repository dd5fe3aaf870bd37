namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>VK Cloud's token endpoint, that issues token-1, token-2 and so on, each after a while.</summary>
internal sealed class TokenOrigin : IAsyncDisposable
{
    private readonly RawOrigin _origin = new();
    private int _issued;

    public TokenOrigin() =>
        _origin.AnswerLater = async _ =>
        {
            await Task.Delay(50);
            return RawOrigin.Json(
                200,
                $$"""{"access_token":"token-{{Interlocked.Increment(ref _issued)}}","refresh_token":"r","expired_in":"3600"}"""
            );
        };

    public Uri Address => _origin.Address;

    public int Issued => Volatile.Read(ref _issued);

    public ValueTask DisposeAsync() => _origin.DisposeAsync();
}
