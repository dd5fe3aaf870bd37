using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Makes a grant of the JWT that <c>issueToken</c> gave: its life is in it, and the local clock may be wrong.</summary>
internal sealed partial class AzureSpeechTokenReader(string providerName, TimeSpan reuseFor, ILogger logger)
{
    public static readonly TimeSpan DocumentedLife = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan ToleratedClockDifference = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _shortestLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _marginBeforeExp = TimeSpan.FromSeconds(30);

    private int _hasWarned;

    /// <summary>The kind of grant that was exchanged for the token, for metrics.</summary>
    public required string GrantType { get; init; }

    /// <summary>The expiry of a token: after the documented life, or earlier if the token says so and a wrong local clock does not explain that.</summary>
    public static DateTimeOffset ExpiryOf(DateTimeOffset? exp, DateTimeOffset sentAt)
    {
        var documented = sentAt + DocumentedLife;

        return exp is { } said && said - sentAt >= _shortestLife && said < documented ? said : documented;
    }

    public TokenGrant Read(string jwt, DateTimeOffset sentAt, DateTimeOffset requestedAt)
    {
        var documented = sentAt + DocumentedLife;
        if (AzureSpeechToken.ExpiresAt(jwt) is not { } exp)
            return new TokenGrant(new AccessToken(jwt, documented)) { ReuseFor = reuseFor, GrantType = GrantType };

        var difference = exp - documented;
        if (difference.Duration() > ToleratedClockDifference && Interlocked.Exchange(ref _hasWarned, 1) == 0)
            TelemetryGuard.Emit(() => LogClockIsWrong(logger, providerName, exp, documented));

        // An exp in the past or about to pass tells of a wrong local clock, not of a token to throw away.
        if (exp - sentAt < _shortestLife)
            return new TokenGrant(new AccessToken(jwt, documented)) { ReuseFor = reuseFor, GrantType = GrantType };

        // The earlier moment, should the clock have been set back in between.
        var untilExp = exp - _marginBeforeExp - (requestedAt < sentAt ? requestedAt : sentAt);

        return new TokenGrant(new AccessToken(jwt, ExpiryOf(exp, sentAt)))
        {
            ReuseFor = untilExp < reuseFor ? untilExp : reuseFor,
            GrantType = GrantType,
        };
    }

    [LoggerMessage(
        16,
        LogLevel.Warning,
        "The local clock is wrong, or Azure Speech's: a token of provider '{Provider}' that should expire at {Documented:O} by the local clock says {Exp:O}. Check the "
            + "machine's time synchronization."
    )]
    private static partial void LogClockIsWrong(
        ILogger logger,
        string provider,
        DateTimeOffset exp,
        DateTimeOffset documented
    );
}
