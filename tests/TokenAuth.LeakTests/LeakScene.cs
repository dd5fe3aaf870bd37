using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.LeakTests;

/// <summary>One run of an application with secrets of its own, that a witness watches.</summary>
internal sealed class LeakScene : IAsyncDisposable
{
    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string NeedsEscaping = "+/=%&<\"'\\~";

    private readonly ConcurrentDictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public Witness Witness { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public RawOrigin Tokens { get; } = new();

    public RawOrigin Api { get; } = new();

    public IReadOnlyDictionary<string, string> Secrets => _secrets;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The secret of this name, made up when it is first asked for.</summary>
    public string Secret(string name) =>
        _secrets.GetOrAdd(
            name,
            _ => RandomNumberGenerator.GetString(Plain, 30) + NeedsEscaping + RandomNumberGenerator.GetString(Plain, 8)
        );

    /// <summary>An Azure token of this name, whose parts are secret.</summary>
    public string Jwt(string name) =>
        _secrets.GetOrAdd(
            name,
            _ =>
            {
                var random = RandomNumberGenerator.GetString(Plain, 30);
                var claims = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"jti":"{{random}}"}""")).TrimEnd('=');
                return $"{RandomNumberGenerator.GetString(Plain, 36)}.{claims}.{random}";
            }
        );

    /// <summary>A key for a store of this name.</summary>
    public string EncryptionKey(string name) =>
        _secrets.GetOrAdd(name, _ => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    public IServiceCollection Services()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging =>
            logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Witness).AddEventSourceLogger()
        );

        return services;
    }

    /// <summary>Does something whose failure the application would print.</summary>
    public async Task<T?> TryAsync<T>(Func<Task<T>> run)
    {
        try
        {
            var result = await Time.AdvanceUntilAsync(run(), TimeSpan.FromMilliseconds(50), 2_000);
            Witness.SeeObject(result);

            return result;
        }
        catch (Exception exception) when (!Cancel.IsCancellationRequested)
        {
            Witness.SeeException(exception);

            return default;
        }
    }

    public Task TryAsync(Action run) =>
        TryAsync(() =>
        {
            run();
            return Task.FromResult("");
        });

    /// <summary>Asks a provider for its token, probes it, and prints everything there is.</summary>
    public async Task UseAsync(ITokenProvider provider)
    {
        await TryAsync(() => provider.GetTokenAsync(Cancel).AsTask());
        await ProbeAsync(provider);
        Witness.SeeObject(provider);
        Witness.SeeObject(new BearerTokenHandler(provider));
        await TryAsync(() => Witness.SeeObject(new OAuthTokenQueryHandler(provider))); // one of them is refused
        await TryAsync(() => Witness.SeeObject(new SubscriptionKeyHandler(provider)));
    }

    private async Task ProbeAsync(ITokenProvider provider)
    {
        var options = new TokenProbeOptions { MaySpendRefreshToken = true, CallService = true };
        var report = await TryAsync(() => provider.ProbeAsync(options, Cancel));
        foreach (var finding in report?.Findings ?? [])
            Witness.SeeObject(finding);
    }

    public async Task SendAsync(HttpClient client, Uri address)
    {
        var response = await TryAsync(() => client.GetAsync(address, Cancel));
        Witness.See("request's URI", response?.RequestMessage?.RequestUri?.OriginalString);
    }

    public async Task CheckHealthAsync(IServiceProvider services)
    {
        if (services.GetService<HealthCheckService>() is not { } health)
            return;

        var report = await health.CheckHealthAsync(Cancel);
        foreach (var (name, entry) in report.Entries)
        {
            Witness.See("health", $"{name} {entry.Status} {entry.Description} {string.Join(" ", entry.Tags)}");
            Witness.See("health data", JsonSerializer.Serialize(entry.Data));
            if (entry.Exception is not null)
                Witness.SeeException(entry.Exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Witness.SeeGauges();
        await Tokens.DisposeAsync();
        await Api.DisposeAsync();
        Witness.Dispose();
    }
}
