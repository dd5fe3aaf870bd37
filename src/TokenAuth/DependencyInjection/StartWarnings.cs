using Microsoft.Extensions.Logging;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says once, when everything is right, what is unlikely to be meant.</summary>
internal sealed partial class StartWarnings(
    IServiceProvider services,
    TokenProviderRegistry registry,
    IEnumerable<TokenPlacement> placements,
    IEnumerable<IProviderKind> kinds
)
{
    private int _told;

    public void Tell()
    {
        if (Interlocked.Exchange(ref _told, 1) == 1)
            return;

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("TokenAuth.Start");
        foreach (var (provider, doubt) in UnlikelyPlaces())
            TelemetryGuard.Emit(() => LogUnlikelyPlaces(logger, provider, doubt));
        foreach (var kind in kinds.Where(kind => registry.NamesOf(kind).Count > 0))
            if (kind.IsConfiguredWithoutName(services))
                TelemetryGuard.Emit(() => LogConfiguredWithoutName(logger, kind.OptionsName));
    }

    private IEnumerable<(string Provider, string Doubt)> UnlikelyPlaces() =>
        placements
            .ToLookup(placement => placement.ProviderName, StringComparer.OrdinalIgnoreCase)
            .Select(ofProvider =>
                (ofProvider.Key, registry.DoubtOf(ofProvider.Key, [.. ofProvider.Select(placement => placement.Place)]))
            )
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.Key, pair.Item2!));

    [LoggerMessage(50, LogLevel.Warning, "Token provider '{Provider}' {Doubt}.")]
    private static partial void LogUnlikelyPlaces(ILogger logger, string provider, string doubt);

    [LoggerMessage(
        51,
        LogLevel.Warning,
        "{Options} is configured without a name, which no token provider reads. Name the provider, as in "
            + "services.Configure<{Options}>(\"voice\", …), or call services.ConfigureAll<{Options}>(…)."
    )]
    private static partial void LogConfiguredWithoutName(ILogger logger, string options);
}
