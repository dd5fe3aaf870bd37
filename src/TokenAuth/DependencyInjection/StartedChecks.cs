using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Runs what can be checked only when the host has started: endpoints have all their conventions then. A check that throws stops the start.
/// </summary>
internal sealed class StartedChecks : IHostedLifecycleService
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task>> _checks = new();

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<StartedChecks>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<StartedChecks>());
    }

    public void Add(Func<CancellationToken, Task> check) => _checks.Enqueue(check);

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var check in _checks)
            await check(cancellationToken).ConfigureAwait(false);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
