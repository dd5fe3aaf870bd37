using System.Diagnostics.Metrics;

namespace TokenAuth;

/// <summary>The providers whose tokens the gauge shows. It keeps none of them alive: not everybody disposes.</summary>
internal static class LiveProviders
{
    private static readonly object _gate = new();
    private static readonly List<WeakReference<ILiveToken>> _providers = []; // guarded by _gate

    private static int _countToSweep = 64; // guarded by _gate

    public static void Add(ILiveToken provider)
    {
        TokenMeter.Open();
        lock (_gate)
        {
            if (_providers.Count >= _countToSweep)
            {
                // At double the count that is left: one sweep for each new one would be quadratic.
                _providers.RemoveAll(static reference => !reference.TryGetTarget(out _));
                _countToSweep = Math.Max(64, 2 * _providers.Count);
            }

            _providers.Add(new WeakReference<ILiveToken>(provider));
        }
    }

    public static IEnumerable<Measurement<double>> RemainingLives()
    {
        ILiveToken[] providers;
        lock (_gate)
            providers =
            [
                .. _providers.Select(reference => reference.TryGetTarget(out var p) ? p : null).OfType<ILiveToken>(),
            ];

        foreach (var provider in providers)
            if (provider.RemainingLife is { } left)
                yield return new Measurement<double>(
                    left.TotalSeconds,
                    new KeyValuePair<string, object?>(TokenAuthDiagnostics.ProviderTag, provider.ProviderName)
                );
    }
}
