using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TokenAuth;

/// <summary>Makes the store when the host starts, so that a constructor which refuses its settings stops the start.</summary>
internal sealed class StoreStart(IServiceProvider services, TokenProviderRegistry registry) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!registry.AreAllReplaced)
            _ = services.GetService<ITokenStore>();

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
