namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>Hands out one token after the other; a refused current one makes way for the next, the last one stays.</summary>
internal sealed class ListedTokens(params string[] tokens) : ITokenProvider
{
    private readonly AccessToken[] _tokens = [.. tokens.Select(token => new AccessToken(token))];
    private int _current;

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        new(_tokens[Volatile.Read(ref _current)]);

    public void Invalidate(AccessToken rejected)
    {
        var current = Volatile.Read(ref _current);
        if (current < _tokens.Length - 1 && ReferenceEquals(rejected, _tokens[current]))
            Interlocked.CompareExchange(ref _current, current + 1, current);
    }
}
