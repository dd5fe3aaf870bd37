using System.Runtime.CompilerServices;

namespace TokenAuth;

/// <summary>
/// The last tokens that handlers have placed, as digests. A request that comes back with one of them is a copy, or one that an outer
/// handler gave up: its credential is TokenAuth's and not the caller's.
/// </summary>
internal sealed class PlacedTokens(int capacity)
{
    private const int OfOneEngine = 16; // one follows the other, so that older ones have expired or were refused
    private const int OfMany = 1 << 18; // more than 100 000 tenants or users obtain in an hour

    private static readonly ConditionalWeakTable<ITokenProvider, PlacedTokens> _ofProviders = new();

    private readonly object _gate = new();
    private readonly HashSet<ulong> _digests = []; // guarded by _gate
    private readonly Queue<ulong> _order = new(); // guarded by _gate

    /// <summary>
    /// Handlers of one provider share it: <c>IHttpClientFactory</c> makes a new handler every two minutes. All tenants of one name do too:
    /// a copy of one tenant's request may be marked for another.
    /// </summary>
    public static PlacedTokens Of(ITokenProvider provider) =>
        _ofProviders.GetValue(provider, static provider => new(IsOneEngine(provider) ? OfOneEngine : OfMany));

    public void Add(AccessToken token)
    {
        var digest = DigestOf(token.Value);
        lock (_gate)
        {
            if (!_digests.Add(digest))
                return;

            _order.Enqueue(digest);
            if (_order.Count > capacity)
                _digests.Remove(_order.Dequeue());
        }
    }

    public bool Contains(string token)
    {
        if (token.Length == 0)
            return false;

        var digest = DigestOf(token);
        lock (_gate)
            return _digests.Contains(digest);
    }

    // An application's provider, or its wrapper, may have a token for each of its users.
    private static bool IsOneEngine(ITokenProvider provider) =>
        provider is IRenewingProvider and not DelegatingTokenProvider;

    // Eight bytes distinguish all tokens in use, and those of a hundred thousand tenants take little room.
    private static ulong DigestOf(string token) =>
        Convert.ToUInt64(SecretDigest.Of(token)!.Substring(0, 2 * sizeof(ulong)), fromBase: 16);
}
