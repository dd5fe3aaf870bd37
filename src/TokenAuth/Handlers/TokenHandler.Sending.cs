namespace TokenAuth;

public abstract partial class TokenHandler
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        _redirects.TurnOff();
        if (!Check.Knows(request, out var hosts) && !Check.WantsCredential(request))
            return base.SendAsync(request, cancellationToken);

        var obtaining = GetTokenAsync(cancellationToken);
        if (!obtaining.IsCompletedSuccessfully)
            return ObtainAndSendAsync(obtaining, request, cancellationToken);

        // At hand: nothing but its provider's hosts can have changed meanwhile.
        return Check.AreStill(hosts)
            ? PlaceAndSendAsync(obtaining.Result, request, cancellationToken)
            : JudgeAndSendAsync(obtaining.Result, request, cancellationToken);
    }

#if NET
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _redirects.TurnOff();
        if (!Check.WantsCredential(request))
            return base.Send(request, cancellationToken);

        var use = Use(
            BlockingCall.Wait(static s => s.This.GetTokenAsync(s.Token), (This: this, Token: cancellationToken))
        );
        if (!Check.WantsCredential(request))
            return base.Send(request, cancellationToken);

        var attempt = new Attempt(use, request);
        var response = attempt.Send(cancellationToken);
        var again = BlockingCall.Wait(
            static s => Replay.Of(s.attempt, s.response, s.Cancel)?.PrepareAsync() ?? default,
            (attempt, response, Cancel: cancellationToken)
        );
        if (again is not { } second)
            return response;

        response = second.Send(cancellationToken);
        second.TakeOff(response);
        return response;
    }

    internal HttpResponseMessage SendInner(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);
#endif

    internal Task<HttpResponseMessage> SendInnerAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> ObtainAndSendAsync(
        ValueTask<AccessToken> obtaining,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = await obtaining.ConfigureAwait(false);
        return await JudgeAndSendAsync(token, request, cancellationToken).ConfigureAwait(false);
    }

    // Now, after whatever the token has taken.
    private Task<HttpResponseMessage> JudgeAndSendAsync(
        AccessToken token,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) =>
        Check.WantsCredential(request)
            ? PlaceAndSendAsync(token, request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    // Without a state machine: when all is at hand already, nothing is allocated.
    private Task<HttpResponseMessage> PlaceAndSendAsync(
        AccessToken token,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var attempt = new Attempt(Use(token), request);
        var sending = attempt.StartAsync(cancellationToken);
        if (sending.Status != TaskStatus.RanToCompletion)
            return FinishAsync(attempt, sending, cancellationToken);

        return Replay.Of(attempt, sending.Result, cancellationToken) is { } replay ? replay.SendAsync() : sending;
    }

    private static async Task<HttpResponseMessage> FinishAsync(
        Attempt attempt,
        Task<HttpResponseMessage> sending,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response;
        try
        {
            response = await sending.ConfigureAwait(false);
        }
        catch
        {
            attempt.TakeOff();
            throw;
        }

        var replay = Replay.Of(attempt, response, cancellationToken);
        return replay is null ? response : await replay.SendAsync().ConfigureAwait(false);
    }
}
