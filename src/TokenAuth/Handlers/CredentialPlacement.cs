namespace TokenAuth;

/// <summary>One place of a request that a credential can go to.</summary>
internal abstract class CredentialPlacement
{
    /// <summary>The place, as an error message calls it.</summary>
    public abstract string Name { get; }

    public abstract CredentialPlace Where { get; }

    public abstract void Place(HttpRequestMessage request, AccessToken token);

    /// <summary>Makes the request what it was, unless an inner handler has taken it somewhere without the credential.</summary>
    public abstract void Remove(HttpRequestMessage request, Uri own, AccessToken token);

    /// <summary>True when a request whose own URI is <paramref name="own"/> was answered by the URI it was sent to.</summary>
    public abstract bool IsAnsweredBy(Uri? answering, Uri own, AccessToken token);

    /// <summary>Takes off what one of these tokens left here: the request is a copy of one under way, or was given up.</summary>
    public abstract void RemovePlaced(HttpRequestMessage request, PlacedTokens placed);

    /// <summary>The common case; each lookup by name costs as much as everything else before sending.</summary>
    public static bool HasNoHeaders(HttpRequestMessage request) =>
#if NET
        request.Headers.NonValidated.Count == 0;
#else
        false; // cannot be told cheaply
#endif

    /// <summary>The name of the place that holds a credential already, this one first; null when all are free.</summary>
    public string? FindTaken(HttpRequestMessage request)
    {
        if (HasNoHeaders(request))
            return QueryPlacement.HasToken(request.RequestUri) ? QueryPlacement.PlaceName : null;
        if (IsTaken(request))
            return Name;
        if (HeaderPlacement.Bearer.IsTaken(request))
            return HeaderPlacement.Bearer.Name;
        if (HeaderPlacement.SubscriptionKey.IsTaken(request))
            return HeaderPlacement.SubscriptionKey.Name;

        return QueryPlacement.HasToken(request.RequestUri) ? QueryPlacement.PlaceName : null;
    }

    /// <summary>True when this place holds a credential of the caller's, once the tokens that TokenAuth placed have been taken off.</summary>
    public bool HasOwn(HttpRequestMessage request, PlacedTokens placed)
    {
        if (!IsTaken(request))
            return false;

        RemovePlaced(request, placed);
        if (!IsTaken(request))
            return false;

        // The request goes to any host: a copy may have come from a client that places the credential elsewhere.
        HeaderPlacement.Bearer.RemovePlaced(request, placed);
        HeaderPlacement.SubscriptionKey.RemovePlaced(request, placed);
        QueryPlacement.Usual.RemovePlaced(request, placed);
        return true;
    }

    /// <summary>Takes every credential off, whoever's it is.</summary>
    public static void RemoveAll(HttpRequestMessage request)
    {
        HeaderPlacement.Bearer.Clear(request);
        HeaderPlacement.SubscriptionKey.Clear(request);
        QueryPlacement.Clear(request);
    }

    protected abstract bool IsTaken(HttpRequestMessage request);
}
