using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    private static IEnumerable<(string, Func<LeakScene, Task>)> Settings()
    {
        foreach (var end in new[] { "\n", " ", "\0", "é", " and more" })
            yield return (
                $"settings that end in U+{(int)end[0]:X4}",
                async scene =>
                {
                    string Wrong(string name) => scene.Secret(name) + end;
                    await scene.TryAsync(() => _ = new AccessToken(Wrong("token")));
                    await scene.TryAsync(() => _ = new StaticTokenProvider(Wrong("token")));
                    await scene.TryAsync(() => _ = new SubscriptionKeyProvider(Wrong("key"), Wrong("spare key")));
                    await scene.TryAsync(() => new VkCloudTokenProvider(Vk(scene, Wrong)).Dispose());
                    await scene.TryAsync(() => new AzureSpeechTokenProvider(Azure(scene, Wrong)).Dispose());
                    scene.Witness.SeeObject(Vk(scene, Wrong));
                    scene.Witness.SeeObject(Azure(scene, Wrong));

                    var services = scene.Services();
                    services
                        .AddTokenAuth()
                        .AddVkCloud("vk", o => Copy(Vk(scene, Wrong), o))
                        .AddAzureSpeech("speech", o => Copy(Azure(scene, Wrong), o))
                        .AddStaticToken("fixed", Wrong("token"));
                    await using var provider = services.BuildServiceProvider();
                    await scene.TryAsync(() => provider.GetRequiredService<IStartupValidator>().Validate());
                    await scene.TryAsync(() => provider.GetRequiredKeyedService<ITokenProvider>("vk"));
                }
            );

        foreach (
            var setting in new[]
            {
                "ClientSecret",
                "ClientSecrett",
                "TokenEndpoint",
                "AssumedLifetime",
                "Provider",
                "ClientSecret:below",
            }
        )
            yield return (
                $"a secret in {setting} of a configuration, and reloaded",
                async scene =>
                {
                    scene.Tokens.Answer = _ => Granted(scene);
                    var configuration = new ConfigurationBuilder()
                        .AddInMemoryCollection(
                            new Dictionary<string, string?>
                            {
                                ["TokenAuth:vk:Provider"] = "VkCloud",
                                ["TokenAuth:vk:ClientId"] = "id",
                                ["TokenAuth:vk:ClientSecret"] = scene.Secret("client secret"),
                                ["TokenAuth:vk:TokenEndpoint"] = scene.Tokens.Address.AbsoluteUri,
                            }
                        )
                        .Build();
                    var collection = scene.Services();
                    collection.AddTokenAuth(configuration.GetSection("TokenAuth"));
                    await using var services = collection.BuildServiceProvider();
                    await scene.UseAsync(services.GetRequiredKeyedService<ITokenProvider>("vk"));

                    configuration["TokenAuth:vk:" + setting] = scene.Secret("new secret") + " ";
                    configuration.Reload();
                    await scene.UseAsync(services.GetRequiredKeyedService<ITokenProvider>("vk"));

                    await using var again = collection.BuildServiceProvider();
                    await scene.TryAsync(() => again.GetRequiredService<IStartupValidator>().Validate());
                }
            );

        yield return (
            "secrets in addresses and in the region",
            async scene =>
            {
                var vk = Vk(scene, scene.Secret);
                vk.TokenEndpoint = new Uri(
                    $"https://user:{Uri.EscapeDataString(scene.Secret("password"))}@tokens.example/"
                );
                scene.Witness.See("ToString", vk.ToString());
                await scene.TryAsync(() => new VkCloudTokenProvider(vk).Dispose());

                var azure = Azure(scene, scene.Secret);
                azure.Region = scene.Secret("key as region");
                await scene.TryAsync(() => new AzureSpeechTokenProvider(azure).Dispose());
            }
        );
    }
}
