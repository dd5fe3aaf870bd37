using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TokenAuth;

/// <summary>
/// The last tokens of one provider that handlers have placed. A request that comes back with one of them is a copy, or one that an outer
/// handler gave up: its credential is TokenAuth's and not the caller's.
/// </summary>
internal sealed class PlacedTokens
{
    private const int Capacity = 16; // a power of two

    private static readonly ConditionalWeakTable<ITokenProvider, PlacedTokens> _ofProviders = new();

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly AccessToken?[] _tokens = new AccessToken?[Capacity];

    private int _next = -1;

    /// <summary>Handlers of one provider share it: <c>IHttpClientFactory</c> makes a new handler every two minutes.</summary>
    public static PlacedTokens Of(ITokenProvider provider) => _ofProviders.GetValue(provider, static _ => new());

    public void Add(AccessToken token)
    {
        if (Array.IndexOf(_tokens, token) < 0) // a lost race costs a place
            Volatile.Write(ref _tokens[Interlocked.Increment(ref _next) & (Capacity - 1)], token);
    }

    public bool Any(Func<AccessToken, bool> isIt) => Array.Exists(_tokens, token => token is not null && isIt(token));
}
