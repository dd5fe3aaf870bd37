namespace TokenAuth;

/// <summary>Sees to it, once a handler, that the primary handler below it does not follow redirects.</summary>
internal sealed class RedirectGuard(TokenHandler handler)
{
    private enum State
    {
        Unknown,
        Off,
        Opaque,
    }

    private readonly object _gate = new();

    private volatile State _state; // written under _gate

    /// <summary>Whether they are known to be off. Otherwise a request may have been elsewhere already.</summary>
    public bool AreOff => _state == State.Off;

    /// <exception cref="InvalidOperationException">They are on and it is too late to change that.</exception>
    public void TurnOff()
    {
        if (_state == State.Unknown)
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
            if (_state != State.Unknown || PrimaryHandler.Of(handler.InnerHandler) is not { } primary)
                return;

            var follows = PrimaryHandler.FollowsRedirects(primary);
            if (follows is true)
                Stop(primary);
            if (follows is null && !handler.IsQuiet)
                Watchers.Tell(() => handler.Logger.PrimaryHandlerIsOpaque(handler.Owner, primary.GetType().Name));

            _state = follows is null ? State.Opaque : State.Off;
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
            Watchers.Tell(() => handler.Logger.RedirectsTurnedOff(handler.Owner, primary.GetType().Name));
    }
}
