namespace TokenAuth;

/// <summary>Causes that any token endpoint can have.</summary>
internal static class EndpointHelp
{
    public static readonly HelpCode NameNotResolved = new("name-not-resolved");
    public static readonly HelpCode NotReached = new("not-reached");
    public static readonly HelpCode ProxyRefused = new("proxy-refused");
    public static readonly HelpCode TlsFailed = new("tls-failed");
    public static readonly HelpCode TimedOut = new("timed-out");
    public static readonly HelpCode BrokenOff = new("response-broken-off");
    public static readonly HelpCode Redirected = new("redirected");
    public static readonly HelpCode FirewallPage = new("firewall-page");
    public static readonly HelpCode Failed = new("endpoint-failed");
    public static readonly HelpCode TooManyRequests = new("too-many-requests");
    public static readonly HelpCode ClockOff = new("clock-off");

    /// <summary>The cause that a status without more says.</summary>
    public static HelpCode Of(TokenEndpointResponse response) =>
        (int)response.StatusCode switch
        {
            429 => TooManyRequests,
            511 => FirewallPage,
            >= 300 and <= 399 => Redirected,
            _ => Failed,
        };
}
