namespace TokenAuth;

/// <summary>One sending of a request with one token: placed, sent, and taken off again.</summary>
internal readonly struct Attempt(CredentialUse use, HttpRequestMessage request)
{
    private readonly Uri _own = request.RequestUri!;

    public TokenHandler Handler => use.Handler;

    public HandlerCredential Credential => use.Credential;

    public RejectionCheck Rejection => use.Rejection;

    public HttpRequestMessage Request => request;

    public AccessToken Token => use.Token;

    public Uri Own => _own;

    /// <summary>Places the credential and sends. The caller takes it off once the response is there, or the sending has failed.</summary>
    public Task<HttpResponseMessage> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Place();
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
        try
        {
            Place();
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
    public void TakeOff(HttpResponseMessage response)
    {
        TakeOff(request);
        if (response.RequestMessage is { } answered && !ReferenceEquals(answered, request))
            TakeOff(answered);
    }

    /// <summary>
    /// The same for the response to a second sending, which nothing heals any more. A rule that remembers refusals sees a success and forgets the
    /// refusal, unless the success is one too.
    /// </summary>
    public ValueTask<bool> EndLast(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var judging =
            Rejection.MayRemember && response.IsSuccessStatusCode && Rejection.MayBeRejected(response)
                ? Judge(response, cancellationToken)
                : default;
        TakeOff(response);

        return judging;
    }

    /// <summary>The same, and tells what is not known any more afterwards.</summary>
    public Sent End(HttpResponseMessage response)
    {
        var sent = new Sent((response.RequestMessage ?? request).RequestUri, request.Content as StandInContent);
        TakeOff(response);
        return sent;
    }

    /// <summary>Lets the rule judge the response. A rule that fails leaves no response behind.</summary>
    public ValueTask<bool> Judge(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var rejection = use.Rejection;
        try
        {
            return rejection.NeedsRequest && response.RequestMessage is null
                ? JudgeNamed(response, cancellationToken)
                : rejection.IsRejectedAsync(response, cancellationToken);
        }
        catch
        {
            TakeOff(response);
            response.Dispose();
            throw;
        }
    }

    /// <summary>True when the response came from the address to which the request was sent.</summary>
    public bool IsAnsweredBy(Uri? uri) => use.Placement.IsAnsweredBy(uri, _own, Token);

    private ValueTask<bool> JudgeNamed(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.RequestMessage = request;
        try
        {
            return use.Rejection.IsRejectedAsync(response, cancellationToken);
        }
        finally
        {
            response.RequestMessage = null; // as the inner handler left it
        }
    }

    private void Place()
    {
        use.Placement.Place(request, use.Token);
        if (request.Content is not null && use.Handler.MayReplay)
            Record();
    }

    private void Record()
    {
        // A request that was given up while it was sent, or a copy of one, still has the content that stands in for its own.
        if (request.Content is RecordingContent other)
            request.Content = other.Current;
        if (request.Content is not RecordedContent && RepeatableContent.NeedsRecord(request.Content!))
            request.Content = new RecordingContent(request.Content!);
    }

    private void TakeOff(HttpRequestMessage sent)
    {
        use.Placement.Remove(sent, _own, use.Token);
        if (sent.Content is not null)
            StandInContent.TakeOff(sent);
    }
}
