using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.IntegrationTests.Handlers;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    // issueToken repeats the Entra token or the token that it exchanged, and the credential's own failure is no secret.
    private static IEnumerable<(string, Func<LeakScene, Task>)> Entra() =>
        from status in _browserStatuses
        from shape in HostileReply.Shapes
        from form in Enum.GetValues<EntraTokenForm>()
        select (
            $"AddAzureSpeechEntra, {form}, {status}, {shape}",
            (Func<LeakScene, Task>)(
                async scene =>
                {
                    var isFailing = false;
                    var entra = scene.Jwt("Entra token");
                    scene.Tokens.Answer = _ =>
                        isFailing ? HostileReply.Of(status, shape, entra) : RawOrigin.Reply(200, scene.Jwt("token"));
                    scene.Api.Answer = _ => RawOrigin.Reply(status, "");
                    var services = scene.Services();
                    services.AddHttpClient("bearer").AddBearerToken("speech");
                    services.AddHealthChecks().AddTokenAuth();
                    services
                        .AddTokenAuth()
                        .AddAzureSpeechEntra(
                            "speech",
                            o =>
                            {
                                o.Endpoint = new Uri(scene.Tokens.Address, "/");
                                o.ResourceId =
                                    "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a";
                                o.Form = form;
                            }
                        )
                        .UseAzureCredential(_ =>
                            DelegatedTokenCredential.Create((_, _) => new(entra, scene.Time.GetUtcNow().AddHours(1)))
                        );
                    await using var app = services.BuildServiceProvider();
                    var provider = app.GetRequiredKeyedService<ITokenProvider>("speech");

                    await scene.UseAsync(provider);
                    await scene.SendAsync(Client(app, "bearer"), scene.Api.Address);
                    isFailing = true;
                    scene.Time.Advance(TimeSpan.FromHours(2));
                    await scene.UseAsync(provider);
                    await scene.SendAsync(Client(app, "bearer"), scene.Api.Address);
                    await scene.CheckHealthAsync(app);
                }
            )
        );
}
