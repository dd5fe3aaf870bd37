namespace TokenAuth;

/// <summary>One token on the requests of one handler: placed, taken off again, and replaced once where a service refuses it.</summary>
internal sealed partial class CredentialUse(TokenHandler handler, AccessToken token)
{
    public AccessToken Token => token;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var own = request.RequestUri!;
        var sending = StartSending(request, own, cancellationToken);
        if (sending.Status != TaskStatus.RanToCompletion)
            return FinishAsync(sending, request, own, cancellationToken);

        // Without a state machine: when all is at hand already, nothing is allocated.
        return HealIfRejected(sending.Result, request, own, cancellationToken) ?? sending;
    }

    private Task<HttpResponseMessage> StartSending(
        HttpRequestMessage request,
        Uri own,
        CancellationToken cancellationToken
    )
    {
        handler.Placement.Place(request, token);
        try
        {
            return handler.SendInnerAsync(request, cancellationToken);
        }
        catch
        {
            handler.Placement.Remove(request, own, token);
            throw;
        }
    }

    private async Task<HttpResponseMessage> FinishAsync(
        Task<HttpResponseMessage> sending,
        HttpRequestMessage request,
        Uri own,
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
            handler.Placement.Remove(request, own, token);
            throw;
        }

        var healing = HealIfRejected(response, request, own, cancellationToken);
        return healing is null ? response : await healing.ConfigureAwait(false);
    }

    /// <summary>Null: the response is the answer.</summary>
    private Task<HttpResponseMessage>? HealIfRejected(
        HttpResponseMessage response,
        HttpRequestMessage request,
        Uri own,
        CancellationToken cancellationToken
    )
    {
        var answering = TakeOff(request, response, own);
        var looking = LookAsync(response, cancellationToken);
        if (!looking.IsCompletedSuccessfully)
            return HealAsync(looking, response, request, own, answering, cancellationToken);

#pragma warning disable MA0022 // null is what says that there is nothing to wait for
        return looking.Result ? HealAsync(new(true), response, request, own, answering, cancellationToken) : null;
#pragma warning restore MA0022
    }

    /// <summary>Takes the credential off what the caller gets to see.</summary>
    /// <returns>The URI that answered.</returns>
    private Uri? TakeOff(HttpRequestMessage request, HttpResponseMessage response, Uri own)
    {
        var answered = response.RequestMessage;
        var answering = (answered ?? request).RequestUri;
        handler.Placement.Remove(request, own, token);
        if (answered is not null && !ReferenceEquals(answered, request))
            handler.Placement.Remove(answered, own, token);

        return answering;
    }

    private ValueTask<bool> LookAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return handler.Rejection.IsRejectedAsync(response, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> HealAsync(
        ValueTask<bool> looking,
        HttpResponseMessage response,
        HttpRequestMessage request,
        Uri own,
        Uri? answering,
        CancellationToken cancellationToken
    )
    {
        var next = await RenewAsync(looking, response, request, own, answering, cancellationToken)
            .ConfigureAwait(false);
        if (next is null)
            return response;

        var sending = next.StartSending(request, own, cancellationToken);
        try
        {
            response = await sending.ConfigureAwait(false);
        }
        catch
        {
            handler.Placement.Remove(request, own, next.Token);
            throw;
        }

        next.TakeOff(request, response, own);
        return response;
    }

    /// <summary>The newer token to send once more with; the response is then disposed. Null: the response is the answer.</summary>
    private async ValueTask<CredentialUse?> RenewAsync(
        ValueTask<bool> looking,
        HttpResponseMessage response,
        HttpRequestMessage request,
        Uri own,
        Uri? answering,
        CancellationToken cancellationToken
    )
    {
        CredentialUse? next = null;
        try
        {
            if (await looking.ConfigureAwait(false) && handler.Placement.IsAnsweredBy(answering, own, token))
                next = await RenewAsync(response, request, own, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (next is not null)
            response.Dispose();

        return next;
    }

    private async ValueTask<CredentialUse?> RenewAsync(
        HttpResponseMessage response,
        HttpRequestMessage request,
        Uri own,
        CancellationToken cancellationToken
    )
    {
        Watchers.Tell(() => handler.Logger.Rejected(handler.Owner, own.Host, (int)response.StatusCode));
        handler.Invalidate(token);
        if (!handler.MayReplay || !RepeatableContent.CanBeSentAgain(request.Content))
            return null;

        try
        {
            var newer = await handler.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            return !string.Equals(newer.Value, token.Value, StringComparison.Ordinal) && handler.MayReceive(own)
                ? handler.Use(newer)
                : null;
        }
#pragma warning disable CA1031 // a provider of one's own may throw anything; the service's own answer says more
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
