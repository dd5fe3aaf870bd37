using System.Globalization;
using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>What a token endpoint may do to a few calls in a row.</summary>
internal static class Hiccups
{
    /// <summary>
    /// So few that an early renewal is through before the old token ends, 114 s after the latest start of Azure's.
    /// </summary>
    public static (string Name, TokenServiceFault Fault, int Times) Draw(Random random) =>
        random.Next(8) switch
        {
            0 => ("503", TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable), random.Next(1, 7)),
            1 => ("500", TokenServiceFault.Status(HttpStatusCode.InternalServerError), random.Next(1, 7)),
            2 => TooMany(random.Next(1, 40), random.Next(1, 3)),
            3 => ("a reset", TokenServiceFault.DropConnection(), random.Next(1, 7)),
            4 => ("a reset after the grant", TokenServiceFault.DropConnectionAfterGrant(), 1),
            5 => ("half an answer", TokenServiceFault.TruncatedBody(), random.Next(1, 3)),
            6 => ("silence", TokenServiceFault.Silence(), 1),
            _ => ("HTML", TokenServiceFault.Garbage(), random.Next(1, 3)),
        };

    /// <summary>So few that one series of three attempts is through: nobody may notice, although there is no old token.</summary>
    public static (string Name, TokenServiceFault Fault, int Times) DrawHealed(Random random) =>
        random.Next(2) == 0
            ? ("503", TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable), random.Next(1, 3))
            : ("a reset", TokenServiceFault.DropConnection(), 1);

    private static (string, TokenServiceFault, int) TooMany(int seconds, int times) =>
        (
            $"429 with Retry-After: {seconds}",
            TokenServiceFault.Status(
                HttpStatusCode.TooManyRequests,
                retryAfter: seconds.ToString(CultureInfo.InvariantCulture)
            ),
            times
        );
}
