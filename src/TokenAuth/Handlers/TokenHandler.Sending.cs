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

        if ((_credential ?? _tenants!.Find(request)) is { } credential)
            return SendAsync(credential, request, cancellationToken);

        return _tenants!.LeavesAlone(request)
            ? base.SendAsync(request, cancellationToken)
            : ResolveAndSendAsync(_tenants, request, cancellationToken);
    }

#if NET
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _redirects.TurnOff();
        var credential = _credential ?? _tenants!.Find(request);
        if (credential is null && _tenants!.LeavesAlone(request))
            return base.Send(request, cancellationToken);

        credential ??= BlockingCall.Wait(
            static s => s.Tenants.ResolveAsync(s.request, s.Token),
            (Tenants: _tenants!, request, Token: cancellationToken)
        );
        if (!credential.Check.AwaitsHosts(request) && !credential.Check.WantsCredential(request))
            return base.Send(request, cancellationToken);

        var use = credential.Use(
            BlockingCall.Wait(static s => s.credential.GetTokenAsync(s.Token), (credential, Token: cancellationToken))
        );
        if (!credential.Check.WantsCredential(request))
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
        try
        {
            BlockingCall.Wait(
                static s => s.second.EndLast(s.response, s.Cancel),
                (second, response, Cancel: cancellationToken)
            );
        }
        catch
        {
            response.Dispose();
            throw;
        }

        return response;
    }

    internal HttpResponseMessage SendInner(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(request, cancellationToken);
#endif

    internal Task<HttpResponseMessage> SendInnerAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> ResolveAndSendAsync(
        HandlerTenants tenants,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var credential = await tenants.ResolveAsync(request, cancellationToken).ConfigureAwait(false);

        return await SendAsync(credential, request, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> SendAsync(
        HandlerCredential credential,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var check = credential.Check;
        if (!check.Knows(request, out var hosts))
        {
            if (check.AwaitsHosts(request))
                return ObtainAndSendAsync(
                    credential,
                    credential.GetTokenAsync(cancellationToken).AsTask(),
                    request,
                    cancellationToken
                );
            if (!check.WantsCredentialUnknown(request))
                return base.SendAsync(request, cancellationToken);
        }

        var obtaining = credential.GetTokenAsync(cancellationToken);
        if (!obtaining.IsCompletedSuccessfully)
            return ObtainAndSendAsync(credential, obtaining.AsTask(), request, cancellationToken);

        // At hand: nothing but its provider's hosts can have changed meanwhile.
        return check.AreStill(hosts)
            ? PlaceAndSendAsync(credential, obtaining.Result, request, cancellationToken)
            : JudgeAndSendAsync(credential, obtaining.Result, request, cancellationToken);
    }

    // Of a task: a ValueTask would take 24 bytes more of what each caller of a cold herd keeps.
    private async Task<HttpResponseMessage> ObtainAndSendAsync(
        HandlerCredential credential,
        Task<AccessToken> obtaining,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = await obtaining.ConfigureAwait(false);
        return await JudgeAndSendAsync(credential, token, request, cancellationToken).ConfigureAwait(false);
    }

    // Now, after whatever the token has taken.
    private Task<HttpResponseMessage> JudgeAndSendAsync(
        HandlerCredential credential,
        AccessToken token,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) =>
        credential.Check.WantsCredential(request)
            ? PlaceAndSendAsync(credential, token, request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    // Without a state machine: when all is at hand already, nothing is allocated.
    private static Task<HttpResponseMessage> PlaceAndSendAsync(
        HandlerCredential credential,
        AccessToken token,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var attempt = new Attempt(credential.Use(token), request);
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
