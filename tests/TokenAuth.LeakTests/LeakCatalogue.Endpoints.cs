using Microsoft.Extensions.DependencyInjection;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    // The endpoint repeats what it was sent, or the start of what it issued.
    private static IEnumerable<(string, Func<LeakScene, Task>)> VkCloud() =>
        from status in _statuses
        from shape in HostileReply.Shapes
        from echo in _vkEchoes
        select (
            $"VK Cloud, {status}, {shape}, {echo}",
            (Func<LeakScene, Task>)(
                async scene =>
                {
                    var secret = echo switch
                    {
                        "client secret" => scene.Secret("client secret"),
                        "refresh token" => scene.Secret("refresh token"),
                        _ => scene.Secret("access token")[..24],
                    };
                    var isFailing = false;
                    scene.Tokens.Answer = _ => isFailing ? HostileReply.Of(status, shape, secret) : Granted(scene);
                    await using var services = VkServices(scene);
                    var provider = services.GetRequiredKeyedService<ITokenProvider>("vk");

                    await scene.UseAsync(provider);
                    isFailing = true;
                    scene.Time.Advance(TimeSpan.FromHours(1));
                    await scene.UseAsync(provider);
                    await scene.SendAsync(Client(services, "bearer"), scene.Api.Address);
                    await scene.SendAsync(Client(services, "query"), scene.Api.Address);
                    await scene.CheckHealthAsync(services);
                }
            )
        );

    private static IEnumerable<(string, Func<LeakScene, Task>)> AzureSpeech() =>
        from status in _statuses
        from shape in HostileReply.Shapes
        from echo in _azureEchoes
        select (
            $"Azure Speech, {status}, {shape}, {echo}",
            (Func<LeakScene, Task>)(
                async scene =>
                {
                    var secret = echo == "key" ? scene.Secret("first key") : scene.Jwt("token")[..24];
                    var isFailing = false;
                    scene.Tokens.Answer = _ =>
                        isFailing ? HostileReply.Of(status, shape, secret) : RawOrigin.Reply(200, scene.Jwt("token"));
                    await using var services = AzureServices(scene);
                    var provider = services.GetRequiredKeyedService<ITokenProvider>("speech");

                    await scene.UseAsync(provider);
                    isFailing = true;
                    scene.Time.Advance(TimeSpan.FromMinutes(10));
                    await scene.UseAsync(provider);
                    await scene.SendAsync(Client(services, "bearer"), scene.Api.Address);
                    await scene.CheckHealthAsync(services);
                }
            )
        );

    private static IEnumerable<(string, Func<LeakScene, Task>)> Unreachable()
    {
        foreach (var address in new[] { "http://127.0.0.1:1/token", "https://no-such-host.invalid/token" })
            yield return (
                $"an endpoint at {address}",
                async scene =>
                {
                    var vk = Vk(scene, scene.Secret);
                    vk.TokenEndpoint = new Uri(address);
                    using var provider = new VkCloudTokenProvider(vk, timeProvider: scene.Time);
                    await scene.UseAsync(provider);
                }
            );

        foreach (var said in new[] { "", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "no HTTP\r\n\r\n" })
            yield return (
                $"an endpoint that breaks off after {said.Length} characters and the request",
                async scene =>
                {
                    scene.Tokens.Write = async (request, stream) =>
                    {
                        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(said + request));
                        throw new IOException();
                    };
                    using var vk = new VkCloudTokenProvider(Vk(scene, scene.Secret), timeProvider: scene.Time);
                    using var azure = new AzureSpeechTokenProvider(
                        Azure(scene, scene.Secret),
                        timeProvider: scene.Time
                    );
                    await scene.UseAsync(vk);
                    await scene.UseAsync(azure);
                }
            );
    }
}
