using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenAuth.StoreWorker;

/// <summary>An application with a host, which ends in order when it gets SIGTERM.</summary>
internal static class HostedApplication
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1.8); // just below what a provider waits for a write

    /// <summary>Asks for a token and runs until it is ended; a write of the store takes a while.</summary>
    public static async Task RunAsync(ITokenStore store, VkCloudOptions client, TimeSpan write)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder
            .Services.AddTokenAuth()
            .AddVkCloud(
                "vk",
                o =>
                {
                    o.ClientId = client.ClientId;
                    o.ClientSecret = client.ClientSecret;
                    o.TokenEndpoint = client.TokenEndpoint;
                }
            )
            .UseStore(_ => new SlowStore(store, write));
        using var host = builder.Build();
        await host.StartAsync();
        _ = AskAsync(host.Services.GetRequiredKeyedService<ITokenProvider>("vk"));
        Console.WriteLine("asking");

        await host.WaitForShutdownAsync();
        var end = Stopwatch.GetTimestamp();
        await ((IAsyncDisposable)host).DisposeAsync(); // as RunAsync does
        Console.WriteLine(Stopwatch.GetElapsedTime(end) < _patience ? "ended" : "ended late");
    }

    private static async Task AskAsync(ITokenProvider provider)
    {
        try
        {
            await provider.GetTokenAsync();
            Console.WriteLine("token");
        }
        catch (ObjectDisposedException)
        {
            // The application ended first.
        }
    }
}
