namespace TokenAuth;

/// <summary>
/// Default-deny: a credential goes to loopback, over https to a host that the options or the provider name, or over http to one that the
/// options name for it.
/// </summary>
internal sealed class HostGuard
{
    private readonly string[] _own;
    private readonly string[] _http;
    private readonly ITokenAudience? _audience;
    private readonly ILateAudience? _late; // the audience, if its hosts may come with its tokens

    private volatile HostList _list; // immutable; a lost race costs one more look
    private volatile Approval? _last; // immutable; a lost race costs one more look

    /// <exception cref="ArgumentException">An entry is not a host.</exception>
    /// <param name="like">A list that may be the same; it is shared then.</param>
    public HostGuard(
        IEnumerable<string> own,
        ITokenAudience? audience,
        IEnumerable<string>? http = null,
        HostList? like = null
    )
    {
        _own = own as string[] ?? [.. own];
        _http = http as string[] ?? [.. http ?? []];
        _audience = audience;
        _late = audience as ILateAudience;
        _list = like?.IsMadeOf(audience?.AllowedHosts) is true ? like : new(_own, _http, audience?.AllowedHosts);
    }

    /// <summary>The list that another guard of the same options may share.</summary>
    public HostList List => _list;

    /// <summary>The entries that hold now.</summary>
    public IEnumerable<string> Entries => Current(_audience?.AllowedHosts).Entries;

    /// <summary>True when the provider's hosts are still these: another collection says that they have changed.</summary>
    public bool AreStill(IReadOnlyCollection<string>? theirs) => ReferenceEquals(theirs, _audience?.AllowedHosts);

    /// <summary>True when a host that is not listed now may be listed once there is a token.</summary>
    public bool ComeWithTokens => _late is { HostsComeWithTokens: true };

    /// <summary>Refuses what the list allows, for a reason of its own; asked once for an origin.</summary>
    public Func<Uri, bool>? Refuses { get; init; }

    public bool Allows(Uri uri)
    {
        var theirs = _audience?.AllowedHosts;

        // Text that begins with an allowed origin and its slash has no other authority; Uri.Host would allocate.
        return _last is { } last
                && ReferenceEquals(last.Theirs, theirs)
                && uri.OriginalString.StartsWith(last.Origin, StringComparison.Ordinal)
            || Judge(uri, theirs);
    }

    /// <summary>
    /// True when this is the address that began the last approval. Applications ask the same address again and again, and one comparison
    /// tells that nothing about it needs another look, a credential of its own included.
    /// </summary>
    /// <param name="theirs">The provider's hosts that this is said of: the caller asks <see cref="AreStill"/> before it relies on it.</param>
    public bool Knows(Uri uri, out IReadOnlyCollection<string>? theirs)
    {
        if (_last is { } last && string.Equals(uri.OriginalString, last.Address, StringComparison.Ordinal))
        {
            theirs = last.Theirs; // to ask the provider here as well would cost as much as the comparison
            return true;
        }

        theirs = _audience?.AllowedHosts;
        return false;
    }

    /// <summary>True when a request to this allowed URI may have this Host header.</summary>
    public bool AllowsHostHeader(string header, Uri uri) =>
        Current(_audience?.AllowedHosts).AllowsHostHeader(header, uri);

    private bool Judge(Uri uri, IReadOnlyCollection<string>? theirs)
    {
        if (!Current(theirs).Allows(uri) || Refuses?.Invoke(uri) == true)
            return false;

        if (IsFixed(theirs) && OriginOf(uri.OriginalString) is { } origin)
            _last = new(theirs, origin, QueryPlacement.HasToken(uri) ? null : uri.OriginalString);

        return true;
    }

    // A list that can be changed in place is read again for each request.
    private static bool IsFixed(IReadOnlyCollection<string>? theirs) =>
        theirs is null or ICollection<string> { IsReadOnly: true };

    private HostList Current(IReadOnlyCollection<string>? theirs)
    {
        var list = _list;
        return list.IsMadeOf(theirs) ? list : _list = new(_own, _http, theirs); // the provider's options changed
    }

    private static string? OriginOf(string uri) =>
        uri.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme
        && uri.IndexOfAny(['/', '\\', '?', '#', '@'], scheme + 3) is > 0 and var end
        && uri[end] == '/'
            ? uri.Substring(0, end + 1)
            : null;

    private sealed class Approval(IReadOnlyCollection<string>? theirs, string origin, string? address)
    {
        public IReadOnlyCollection<string>? Theirs => theirs;

        public string Origin => origin;

        /// <summary>Null where it has a credential of its own, which each request's look has to find.</summary>
        public string? Address => address;
    }
}
