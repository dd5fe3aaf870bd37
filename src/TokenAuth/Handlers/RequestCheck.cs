namespace TokenAuth;

/// <summary>
/// The one place that judges a request: its scheme and host, its Host header, and a credential that it has already. It is asked before
/// a token is fetched and again when the credential is placed, since a request may wait in between.
/// </summary>
internal sealed class RequestCheck(
    TokenHandler handler,
    HostGuard hosts,
    LoopbackGuard loopback,
    PlacedTokens placed,
    bool replacesExisting
)
{
    /// <summary>The common case: an address that was approved a moment ago, and no headers.</summary>
    /// <param name="theirs">The hosts of the provider that this is said of.</param>
    public bool Knows(HttpRequestMessage request, out IReadOnlyCollection<string>? theirs)
    {
        theirs = null;
        return request?.RequestUri is { } uri
            && hosts.Knows(uri, out theirs)
            && CredentialPlacement.HasNoHeaders(request)
            && !handler.Tenancy.Refuses(request);
    }

    /// <summary>True when the provider's hosts are still those that a request was judged by.</summary>
    public bool AreStill(IReadOnlyCollection<string>? theirs) => hosts.AreStill(theirs);

    /// <summary>
    /// True when the request is judged only once there is a token: its host is not listed, nothing else is wrong with it, and the provider's hosts come
    /// with its tokens.
    /// </summary>
    public bool AwaitsHosts(HttpRequestMessage request) =>
        hosts.ComeWithTokens
        && request?.RequestUri is { IsAbsoluteUri: true } uri
        && RequestScheme.IsSecure(uri)
        && !hosts.Allows(uri)
        && (replacesExisting || handler.Placement.FindTaken(request) is null);

    /// <summary>True when the request is to get the credential; false when it has the caller's own, or no address.</summary>
    /// <exception cref="InvalidOperationException">The request must not be sent.</exception>
    public bool WantsCredential(HttpRequestMessage request) => Obey(Judge(request), request);

    /// <summary>The same for a request that <see cref="Knows"/> was false for.</summary>
    public bool WantsCredentialUnknown(HttpRequestMessage request) => Obey(JudgeUnknown(request), request);

    public RequestVerdict Judge(HttpRequestMessage request) =>
        Knows(request, out var theirs) && AreStill(theirs) ? RequestVerdict.Place : JudgeUnknown(request);

    private RequestVerdict JudgeUnknown(HttpRequestMessage request)
    {
        if (request?.RequestUri is not { IsAbsoluteUri: true })
            return RequestVerdict.LeaveAlone; // the inner handler says what is wrong with it

        var placement = handler.Placement;
        var taken = placement.FindTaken(request);
        if (ReferenceEquals(taken, placement.Name) && !placement.HasOwn(request, placed))
            taken = placement.FindTaken(request);

        if (taken is not null && !replacesExisting)
            return ReferenceEquals(taken, placement.Name) ? RequestVerdict.LeaveAlone : RequestVerdict.Refuse;
        if (handler.Tenancy.Refuses(request))
            return RequestVerdict.Refuse;
        if (!hosts.Allows(request.RequestUri!))
            return RequestVerdict.Refuse;
        if (HostHeader.Of(request) is { } header && !hosts.AllowsHostHeader(header, request.RequestUri!))
            return RequestVerdict.Refuse;

        if (taken is not null)
            CredentialPlacement.RemoveAll(request);

        return RequestVerdict.Place;
    }

    private bool Obey(RequestVerdict verdict, HttpRequestMessage request) =>
        verdict switch
        {
            RequestVerdict.Place => true,
            RequestVerdict.LeaveAlone => false,
            _ => throw new InvalidOperationException(Say(request)),
        };

    private string Say(HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        if (!replacesExisting && handler.Placement.FindTaken(request) is { } taken)
            return $"{handler.Owner} is to place {handler.Placement.Name}, but the request already has {taken}: two methods on one request. "
                + "Remove one of the two.";
        if (handler.Tenancy.Say(request) is { } refusal)
            return refusal;
        if (hosts.Allows(uri))
            return HostRefusal.SayHostHeader(handler.Owner, uri, HostHeader.Of(request) ?? "");

        return loopback.Say(uri) ?? HostRefusal.Say(handler.Owner, uri, hosts.Entries);
    }
}
