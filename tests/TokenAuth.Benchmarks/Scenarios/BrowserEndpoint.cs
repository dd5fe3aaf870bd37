using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenAuth.Testing;

namespace TokenAuth.Benchmarks;

/// <summary>Requests a second at <c>MapSpeechToken</c> beside a minimal API endpoint that returns the same bytes from a field, in turns.</summary>
internal sealed class BrowserEndpoint : IScenario
{
    private const int Connections = 16;
    private const int Rounds = 60;
    private static readonly TimeSpan _turn = TimeSpan.FromMilliseconds(100);

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var emulator = await TokenServiceEmulator.StartAsync();
        var body = Array.Empty<byte>();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder
            .Services.AddTokenAuth()
            .AddAzureSpeech(
                "speech",
                o =>
                    (o.TokenEndpoint, o.SubscriptionKey) = (
                        emulator.AzureTokenEndpoint,
                        emulator.AzureSpeech.PrimaryKey
                    )
            );
        await using var server = builder.Build();
        server.MapSpeechToken("/ours", "speech").AllowAnonymous();
        server.MapPost("/by-hand", () => Results.Bytes(body, "application/json")).AllowAnonymous();
        await server.StartAsync();

        var address = new Uri(server.Urls.Single());
        using var client = new HttpClient { BaseAddress = address };
        using (var first = await client.PostAsync("/ours", content: null))
            body = await first.Content.ReadAsByteArrayAsync();

        using var ours = new RepeatedRequest(address, "/ours", Connections);
        using var byHand = new RepeatedRequest(address, "/by-hand", Connections);
        var ratios = new List<double>();
        for (var round = -20; round < Rounds; round++)
        {
            var (a, b) = round % 2 == 0 ? (ours, byHand) : (byHand, ours);
            var (one, other) = ((double)await a.SendForAsync(_turn), (double)await b.SendForAsync(_turn));
            if (round >= 0) // the first rounds warm up
                ratios.Add(round % 2 == 0 ? one / other : other / one);
        }

        return
        [
            new(
                "MapSpeechToken over loopback sockets",
                "requests a second, × the same bytes from a field",
                Medians.Of(ratios)
            )
            {
                Target = Limit.AtLeast(0.9),
            },
        ];
    }
}
