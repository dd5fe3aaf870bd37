namespace TokenAuth.Tests.Handlers;

/// <summary>Hands out one token after the other; a refused current one makes way for the next, the last one stays.</summary>
internal sealed class FakeTokenProvider(params string[] tokens) : ITokenProvider
{
    private readonly AccessToken[] _tokens = [.. tokens.Select(token => new AccessToken(token))];
    private int _current;

    public Func<CancellationToken, Task>? Before { get; set; }

    public Action OnRefused { get; init; } = () => { };

    public int Asked { get; private set; }

    public List<string> Refused { get; } = [];

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        Asked++;
        return Before is null ? new(_tokens[_current]) : ObtainAsync(Before, cancellationToken);
    }

    public void Invalidate(AccessToken rejected)
    {
        Refused.Add(rejected.Value);
        if (ReferenceEquals(rejected, _tokens[_current]) && _current < _tokens.Length - 1)
            _current++;
        OnRefused();
    }

    private async ValueTask<AccessToken> ObtainAsync(
        Func<CancellationToken, Task> before,
        CancellationToken cancellationToken
    )
    {
        await before(cancellationToken);
        return _tokens[_current];
    }
}
