namespace TokenAuth;

/// <summary>One sending of a request with one token: placed, sent, and taken off again.</summary>
internal readonly struct Attempt(CredentialUse use, HttpRequestMessage request)
{
    private readonly Uri _own = request.RequestUri!;

    public TokenHandler Handler => use.Handler;

    public HttpRequestMessage Request => request;

    public AccessToken Token => use.Token;

    public Uri Own => _own;

    /// <summary>Places the credential and sends. The caller takes it off once the response is there, or the sending has failed.</summary>
    public Task<HttpResponseMessage> StartAsync(CancellationToken cancellationToken)
    {
        Place();
        try
        {
            return Handler.SendInnerAsync(request, cancellationToken);
        }
        catch
        {
            TakeOff();
            throw;
        }
    }

#if NET
    /// <summary>The same with a thread that waits.</summary>
    public HttpResponseMessage Send(CancellationToken cancellationToken)
    {
        Place();
        try
        {
            return Handler.SendInner(request, cancellationToken);
        }
        catch
        {
            TakeOff();
            throw;
        }
    }
#endif

    /// <summary>Takes the credential off after a sending that failed.</summary>
    public void TakeOff() => TakeOff(request);

    /// <summary>Takes the credential off what the caller gets to see.</summary>
    public Sent TakeOff(HttpResponseMessage response)
    {
        var answered = response.RequestMessage ?? request;
        var sent = new Sent(answered.RequestUri, request.Content as RecordingContent);
        TakeOff(request);
        if (!ReferenceEquals(answered, request))
            TakeOff(answered);

        return sent;
    }

    /// <summary>Lets the rule judge the response, and takes the credential off. A rule that fails leaves no response behind.</summary>
    public ValueTask<bool> Judge(HttpResponseMessage response, out Sent sent, CancellationToken cancellationToken)
    {
        var rejection = Handler.Rejection;
        try
        {
            if (rejection.IsTheOptions)
            {
                sent = TakeOff(response);
                return rejection.IsRejectedAsync(response, cancellationToken);
            }

            // The provider's rule sees the request as it was sent, until it first waits: where the credential was tells which rule holds.
            var judging = NamingRequest(response, cancellationToken);
            sent = TakeOff(response);
            return judging;
        }
        catch
        {
            TakeOff(response);
            response.Dispose();
            throw;
        }
    }

    /// <summary>Whether the response came from where the request was sent.</summary>
    public bool IsAnsweredBy(Uri? uri) => Handler.Placement.IsAnsweredBy(uri, _own, Token);

    private ValueTask<bool> NamingRequest(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.RequestMessage is not null || Handler.Placement is not QueryPlacement)
            return Handler.Rejection.IsRejectedAsync(response, cancellationToken);

        response.RequestMessage = request;
        var judging = Handler.Rejection.IsRejectedAsync(response, cancellationToken);
        response.RequestMessage = null; // as the inner handler left it
        return judging;
    }

    private void Place()
    {
        Handler.Placement.Place(request, Token);
        if (request.Content is not null && Handler.MayReplay)
            Record();
    }

    private void Record()
    {
        // A request that was given up while it was sent, or a copy of one, still has the content that stands in for its own.
        var own = request.Content is RecordingContent { Original: var original } ? original : request.Content!;
        if (own is not RecordedContent && RepeatableContent.NeedsRecord(own))
            request.Content = new RecordingContent(own);
    }

    private void TakeOff(HttpRequestMessage sent)
    {
        Handler.Placement.Remove(sent, _own, Token);
        StandInContent.TakeOff(sent);
    }
}
