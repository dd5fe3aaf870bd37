using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace TokenAuth.ClientTests.Yarp;

public sealed class YarpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forwarded_request_is_healed_and_the_caller_s_own_credential_goes_no_further()
    {
        await using var service = await RevocableService.StartAsync();
        await using var proxy = await StartProxyAsync(service);
        using var caller = new HttpClient { BaseAddress = new(proxy.Urls.Single()) };
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-caller-s");

        var first = await EchoAsync(caller, "first");
        service.Revoke();
        var second = await EchoAsync(caller, "second");

        Assert.Equal(("first", "second"), (first, second));
        service.AssertHealed();
    }

    private static async Task<WebApplication> StartProxyAsync(RevocableService service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        service.AddProvider(services);
        RouteConfig[] routes =
        [
            new()
            {
                RouteId = "all",
                ClusterId = "voice",
                Match = new() { Path = "{**path}" },
            },
        ];
        ClusterConfig[] clusters =
        [
            new()
            {
                ClusterId = "voice",
                Destinations = new Dictionary<string, DestinationConfig>
                {
                    ["one"] = new() { Address = service.Address.AbsoluteUri },
                },
            },
        ];
        // recipe: yarp
        services.AddReverseProxy().LoadFromMemory(routes, clusters);
        services.AddSingleton<IForwarderHttpClientFactory>(provider => new TokenForwarderFactory(
            provider.GetRequiredKeyedService<ITokenProvider>("voice")
        ));
        // end of recipe
        var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task<string> EchoAsync(HttpClient caller, string text)
    {
        using var response = await caller.PostAsync("echo", new StringContent(text), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
