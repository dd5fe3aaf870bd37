using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.AotSmoke;

/// <summary>A server with the endpoint for browsers, asked once over a socket.</summary>
internal static class SpeechPage
{
    public static async Task<string> AskAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder
            .Services.AddTokenAuth()
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new Endpoints()))
            .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", "k-1"));
        await using var app = builder.Build();
        app.MapSpeechToken("/speech-token", "speech").AllowAnonymous();
        await app.StartAsync();

        using var browser = new HttpClient();
        using var response = await browser.PostAsync(
            new Uri(new Uri(app.Urls.Single()), "speech-token"),
            content: null
        );

        return await response.Content.ReadAsStringAsync();
    }
}
