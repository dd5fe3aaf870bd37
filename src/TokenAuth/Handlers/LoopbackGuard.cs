namespace TokenAuth;

/// <summary>Loopback is this machine and no other: a credential for it must not leave through a proxy, in clear where it is http.</summary>
internal sealed class LoopbackGuard(TokenHandler handler)
{
    private int _hasWarned;

    /// <summary>True when the primary handler would send this request through a proxy although it is for loopback.</summary>
    public bool Refuses(Uri uri)
    {
        if (!Loopback.Is(uri) || PrimaryHandler.Of(handler.InnerHandler) is not { } primary)
            return false;
        if (PrimaryProxy.IsVisible(primary))
            return PrimaryProxy.For(primary, uri) is not null;

        if (!handler.IsQuiet && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            TelemetryGuard.Emit(() => handler.Logger.ProxyIsOpaque(handler.Owner, primary.GetType().Name));

        return false;
    }

    /// <summary>Words the refusal; null when there is none.</summary>
    public string? Say(Uri uri) =>
        Refuses(uri)
        && PrimaryHandler.Of(handler.InnerHandler) is { } primary
        && PrimaryProxy.For(primary, uri) is { } proxy
            ? $"{handler.Owner} sends no credential to '{uri.Scheme}://{AllowedHost.EntryFor(uri)}': its {primary.GetType().Name} would send the "
                + $"request through the proxy '{proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}', and loopback must not leave "
                + "this machine. Set UseProxy = false on that handler, or name localhost, 127.0.0.1 and ::1 in the proxy's exceptions "
                + "(NO_PROXY where it comes from the environment)."
            : null;
}
