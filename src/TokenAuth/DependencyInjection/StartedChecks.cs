using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Runs what can be checked only when the host has started: endpoints have all their conventions then. A check that throws stops the
/// start. Other packages of TokenAuth find the queue by its key, which keeps its name and its type.
/// </summary>
internal sealed class StartedChecks(
    [FromKeyedServices(StartedChecks.Key)] ConcurrentQueue<Func<CancellationToken, Task>> checks
) : IHostedLifecycleService
{
    public const string Key = "TokenAuth.StartedChecks";

    public static void Register(IServiceCollection services)
    {
        services.AddKeyedSingleton(Key, static (_, _) => new ConcurrentQueue<Func<CancellationToken, Task>>());
        services.AddSingleton<IHostedService, StartedChecks>();
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var check in checks)
            await check(cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
