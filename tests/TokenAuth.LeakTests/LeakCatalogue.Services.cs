using Microsoft.Extensions.DependencyInjection;
using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.IntegrationTests.Wire;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    // A service refuses what it gets, and Vision repeats its start.
    private static IEnumerable<(string, Func<LeakScene, Task>)> Services() =>
        from refusal in _refusals
        from vendor in _vendors
        from isPlain in _both
        select (
            $"a service of {vendor} says {refusal}{(isPlain ? ", without a container" : "")}",
            (Func<LeakScene, Task>)(
                async scene =>
                {
                    scene.Tokens.Answer = _ =>
                        vendor == "VK Cloud"
                            ? Granted(scene, scene.Tokens.Received.Count)
                            : RawOrigin.Reply(200, scene.Jwt($"token {scene.Tokens.Received.Count}"));
                    scene.Api.Answer = request => Refuse(refusal, request);
                    await using var services = vendor == "VK Cloud" ? VkServices(scene) : AzureServices(scene);

                    foreach (var placement in vendor == "VK Cloud" ? _vkPlacements : _azurePlacements)
                    {
                        using var client = isPlain
                            ? PlainClient(scene, vendor, placement)
                            : Client(services, placement);
                        for (var request = 0; request < 3; request++)
                            await scene.SendAsync(client, new Uri(scene.Api.Address, "asr?x=1"));
                        await scene.SendAsync(client, new Uri("https://api.example.com/not-on-the-list"));
                        await scene.SendAsync(client, new Uri("http://127.0.0.1:1/down"));
                    }
                }
            )
        );

    private static string Refuse(string refusal, RawRequest request)
    {
        var token =
            request.Values("Authorization").Concat(request.Values("Ocp-Apim-Subscription-Key")).FirstOrDefault()
            ?? Uri.UnescapeDataString(request.Target.Split("oauth_token=")[^1]);
        var echo = System.Text.Json.JsonSerializer.Serialize(
            token.Replace("Bearer ", "", StringComparison.Ordinal)[..24]
        );

        return refusal switch
        {
            "401" => RawOrigin.Reply(401, token),
            "400/4048" => RawOrigin.Json(400, $$"""{"error":{"code":4048,"message":{{echo}} } }"""),
            "envelope" => RawOrigin.Json(200, $$"""{"status":401,"body":{{echo}} }"""),
            "403" => RawOrigin.Reply(403, token),
            "redirect" => RawOrigin.Reply(307, headers: "Location: https://elsewhere.example/\r\n"),
            "500" => RawOrigin.Reply(500, token),
            _ => RawOrigin.Json(200, """{"status":200}"""),
        };
    }

    private static HttpClient PlainClient(LeakScene scene, string vendor, string placement)
    {
        ITokenProvider provider =
            vendor == "VK Cloud"
                ? new VkCloudTokenProvider(Vk(scene, scene.Secret), timeProvider: scene.Time)
                : new AzureSpeechTokenProvider(Azure(scene, scene.Secret), timeProvider: scene.Time);
        DelegatingHandler handler = placement switch
        {
            "bearer" => new BearerTokenHandler(provider),
            "query" => new OAuthTokenQueryHandler(provider),
            _ => new SubscriptionKeyHandler(provider),
        };
        handler.InnerHandler = new SocketsHttpHandler();

        return new HttpClient(handler);
    }

    // The callback throws what it was given.
    private static IEnumerable<(string, Func<LeakScene, Task>)> KeptFresh()
    {
        yield return (
            "KeepFresh, whose callback throws and whose endpoint fails",
            async scene =>
            {
                var isFailing = false;
                scene.Tokens.Answer = request =>
                    isFailing ? HostileReply.Of(503, "error", scene.Secret("access token")) : Granted(scene);
                await using var services = VkServices(scene);
                var called = 0; // twice with the token that is refused, then with the one that is taken
                using var watch = services
                    .GetRequiredKeyedService<ITokenProvider>("vk")
                    .KeepFresh(token =>
                        _ =
                            Interlocked.Increment(ref called) > 2
                                ? token
                                : throw new InvalidOperationException(token.Value)
                    );

                await Until.HoldsAsync(() =>
                {
                    isFailing = called > 2;
                    scene.Time.Advance(TimeSpan.FromMinutes(5));
                    return scene.Tokens.Received.Count > 3;
                });
                await scene.CheckHealthAsync(services);
            }
        );
    }
}
