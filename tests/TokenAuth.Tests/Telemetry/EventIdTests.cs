using System.Reflection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.Tests.Telemetry;

public sealed class EventIdTests
{
    // What operators filter by: a number, once given, keeps its meaning.
    private static readonly string[] _known =
    [
        "1 Obtained",
        "2 RenewalFailed",
        "3 Rejected",
        "4 RejectionsExceeded",
        "5 InvalidReload",
        "6 Reloaded",
        "7 Adopted",
        "10 RefreshTokenRefused",
        "11 MintedAndKept",
        "12 MintedAndLost",
        "13 NoRefreshToken",
        "15 KeyRefused",
        "16 ClockIsWrong",
        "17 Plain",
        "18 ForeignHost",
        "20 Failing",
        "21 WorksAgain",
        "22 NoStoreKey",
        "30 NoToken",
        "31 NotTaken",
        "40 RedirectsTurnedOff",
        "41 PrimaryHandlerIsOpaque",
        "42 Rejected",
        "43 ProxyIsOpaque",
        "44 AllowsHttp",
        "50 UnlikelyPlaces",
        "51 ConfiguredWithoutName",
        "52 LosesRedirects",
#if !NETSTANDARD_ASSEMBLY
        "301 Tightened",
        "302 SetAside",
        "303 ModesIgnored",
#endif
    ];

    [Fact]
    public void Event_ids_stay_what_they_are()
    {
        var messages = typeof(TokenAuthDiagnostics)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => (Log: method.GetCustomAttribute<LoggerMessageAttribute>(), method.Name))
            .Where(message => message.Log is not null)
            .OrderBy(message => message.Log!.EventId)
            .Select(message => $"{message.Log!.EventId} {Short(message.Name)}");

        Assert.Equal(_known, messages);
    }

    private static string Short(string method) =>
        method.StartsWith("Log", StringComparison.Ordinal) ? method["Log".Length..] : method;
}
