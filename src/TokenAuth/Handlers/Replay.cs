namespace TokenAuth;

/// <summary>A response that may be a refusal, and the one more sending that heals it.</summary>
internal sealed class Replay(
    Attempt refused,
    HttpResponseMessage response,
    Sent sent,
    ValueTask<bool> judging,
    CancellationToken cancellationToken
)
{
    private TokenHandler Handler => refused.Handler;

    /// <summary>Judges the response and takes the credential off. Null: the response is no refusal.</summary>
    public static Replay? Of(in Attempt attempt, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (attempt.Rejection.MayBeRejected(response))
            return Judge(attempt, response, cancellationToken);

        attempt.TakeOff(response);
        return null;
    }

    private static Replay? Judge(in Attempt attempt, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // The provider's rule sees the request as it was sent, until it first waits; the application's code is not shown the credential.
        var isShown = !attempt.Rejection.IsTheOptions;
        var sent = isShown ? default : attempt.End(response);
        var judging = attempt.Judge(response, cancellationToken);
        if (isShown)
            sent = attempt.End(response);
        if (!judging.IsCompletedSuccessfully)
            return new(attempt, response, sent, judging, cancellationToken);

        return judging.Result ? new(attempt, response, sent, new(true), cancellationToken) : null;
    }

    public async Task<HttpResponseMessage> SendAsync()
    {
        if (await PrepareAsync().ConfigureAwait(false) is not { } attempt)
            return response;

        var sending = attempt.StartAsync(cancellationToken);
        HttpResponseMessage second;
        try
        {
            second = await sending.ConfigureAwait(false);
        }
        catch
        {
            attempt.TakeOff();
            throw;
        }

        try
        {
            await attempt.EndLast(second, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            second.Dispose();
            throw;
        }

        return second;
    }

    /// <summary>The second attempt; the refused response is then disposed. Null: the response is the caller's.</summary>
    public async ValueTask<Attempt?> PrepareAsync()
    {
        try
        {
            if (!await judging.ConfigureAwait(false) || !refused.IsAnsweredBy(sent.AnsweredBy))
                return null;

            TelemetryGuard.Emit(() =>
                Handler.Logger.Rejected(Handler.Owner, refused.Own.Host, (int)response.StatusCode)
            );
            Invalidate();
            if (Handler.MayReplay && sent.StandIn is RecordingContent recording)
                await recording.WaitForRestAsync(cancellationToken).ConfigureAwait(false);
            if (!Handler.MayReplay || !sent.TryRepeat(refused.Request.Content, out var content))
                return null;
            if (await ObtainNewerAsync().ConfigureAwait(false) is not { } newer)
                return null;

            response.Dispose();
            refused.Request.Content = content;
            return new(newer, refused.Request);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void Invalidate()
    {
        try
        {
            refused.Credential.Invalidate(refused.Token);
        }
#pragma warning disable CA1031 // an application's provider may throw anything
        catch (Exception)
#pragma warning restore CA1031
        {
            // It may still have a newer token. If it has none, the caller gets the service's response.
        }
    }

    /// <summary>Null when there is none, or none can be had or sent: the service's own response says more than why.</summary>
    private async ValueTask<CredentialUse?> ObtainNewerAsync()
    {
        try
        {
            var newer = await refused.Credential.GetTokenAsync(cancellationToken).ConfigureAwait(false);
            return string.Equals(newer.Value, refused.Token.Value, StringComparison.Ordinal) || !MayBeSentAgain()
                ? null
                : refused.Credential.Use(newer);
        }
#pragma warning disable CA1031 // an application's provider may throw anything
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // The request may have changed while the token was obtained, and its provider's hosts as well.
    private bool MayBeSentAgain() =>
        ReferenceEquals(refused.Request.RequestUri, refused.Own)
        && refused.Credential.Check.Judge(refused.Request) == RequestVerdict.Place;
}
