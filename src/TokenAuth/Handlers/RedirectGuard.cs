namespace TokenAuth;

/// <summary>Sees to it, once a handler, that the primary handler below it does not follow redirects.</summary>
internal sealed class RedirectGuard(TokenHandler handler)
{
    private readonly object _gate = new();

    private volatile bool _isDone; // written under _gate

    /// <exception cref="InvalidOperationException">They are on and it is too late to change that.</exception>
    public void TurnOff()
    {
        if (!_isDone)
            Secure();
    }

    /// <summary>The same, earlier; a failure is left to the first request.</summary>
    public void TryTurnOff()
    {
        try
        {
            TurnOff();
        }
        catch (InvalidOperationException) { }
    }

    private void Secure()
    {
        lock (_gate)
        {
            if (_isDone || PrimaryHandler.Of(handler.InnerHandler) is not { } primary)
                return;

            var follows = PrimaryHandler.FollowsRedirects(primary);
            if (follows is true)
                Stop(primary);
            if (follows is null && !handler.IsQuiet)
                TelemetryGuard.Emit(() => handler.Logger.PrimaryHandlerIsOpaque(handler.Owner, primary.GetType().Name));

            handler.WarnOfHttp();
            _isDone = true;
        }
    }

    private void Stop(HttpMessageHandler primary)
    {
        try
        {
            PrimaryHandler.StopFollowing(primary);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            throw new InvalidOperationException(
                $"The {primary.GetType().Name} of {handler.Owner} follows redirects, which could take the credential to another host, "
                    + "and has sent requests already, so that this cannot be changed any more. "
                    + "Set AllowAutoRedirect = false where it is made.",
                e
            );
        }

        if (!handler.IsQuiet)
            TelemetryGuard.Emit(() => handler.Logger.RedirectsTurnedOff(handler.Owner, primary.GetType().Name));
    }
}
