using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Tenants;

/// <summary>The application's part.</summary>
public static class SpeechApi
{
    private const string CustomerClaim = "customer";

    public static void AddServices(WebApplicationBuilder builder, EmulatedAzure? azure, string connectionString)
    {
        builder.Services.AddScoped(services =>
            ActivatorUtilities.CreateInstance<CustomerDatabase>(services, connectionString)
        );
        builder
            .Services.AddTokenAuth()
            .AddAzureSpeechTenants(
                "speech",
                async (tenant, services, cancellationToken) =>
                    await services.GetRequiredService<CustomerDatabase>().FindAsync(tenant, cancellationToken)
                        is { HasLeft: false } customer
                        ? new AzureSpeechOptions
                        {
                            Region = customer.Region,
                            SubscriptionKey = customer.Key,
                            TokenEndpoint = azure?.TokenEndpointOf(tenant), // the region's, unless emulated
                        }
                        : null
            );
        builder.Services.AddHttpClient("Tts").AddBearerToken("speech");
        builder.Services.AddHealthChecks().AddTokenAuth();

        builder
            .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => (options.LoginPath, options.Cookie.SameSite) = ("/", SameSiteMode.Strict));
        builder.Services.AddAuthorization();
    }

    public static void Map(WebApplication app, EmulatedAzure? azure)
    {
        app.UseAuthentication();
        app.UseAuthorization();

        // The caller's identity decides whose token it is, and nothing that the request says.
        app.MapSpeechToken(
                "/speech-token",
                "speech",
                o => o.Tenant = context => context.User.FindFirstValue(CustomerClaim)
            )
            .RequireAuthorization();
        app.MapGet(
                "/speech",
                (
                    string text,
                    ClaimsPrincipal user,
                    ITokenTenants tenants,
                    IHttpClientFactory clients,
                    CancellationToken cancellationToken
                ) =>
                    SpeakAsync(
                        text,
                        user.FindFirstValue(CustomerClaim) ?? "",
                        tenants,
                        clients,
                        azure,
                        cancellationToken
                    )
            )
            .RequireAuthorization();
        app.MapHealthChecks("/health");

        MapSignIn(app);
        AdminPage.Map(app);
    }

    private static async Task<IResult> SpeakAsync(
        string text,
        string customer,
        ITokenTenants tenants,
        IHttpClientFactory clients,
        EmulatedAzure? azure,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var resource = (IAzureSpeechResource)await tenants.GetAsync("speech", customer, cancellationToken);
            var service =
                azure?[customer].AzureTtsAddress
                ?? new Uri($"https://{resource.Region}.tts.speech.microsoft.com/cognitiveservices/v1");
            using var request = new HttpRequestMessage(HttpMethod.Post, service);
            request.SetTokenTenant(customer);
            request.Headers.Add("X-Microsoft-OutputFormat", "riff-16khz-16bit-mono-pcm");
            request.Headers.Add("User-Agent", "TokenAuth-Sample");
            request.Content = new StringContent(
                $"""<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">{WebUtility.HtmlEncode(text)}</voice></speak>""",
                Encoding.UTF8,
                "application/ssml+xml"
            );
            using var response = await clients.CreateClient("Tts").SendAsync(request, cancellationToken);

            return response.IsSuccessStatusCode
                ? Results.Bytes(await response.Content.ReadAsByteArrayAsync(cancellationToken), "audio/wav")
                : Results.Problem($"Azure answered {(int)response.StatusCode}.", statusCode: 502);
        }
        catch (UnknownTenantException)
        {
            return Results.Problem("You are no customer.", statusCode: 403);
        }
        catch (OptionsValidationException)
        {
            return Results.Problem("Your Azure key or region cannot be used.", statusCode: 503); // the admin page says why
        }
        catch (TokenAcquisitionException)
        {
            return Results.Problem("Your Azure key gives no access.", statusCode: 503); // the log and the admin page say why
        }
    }

    // Put your own sign-in in this place: here anybody is whom they say they are.
    private static void MapSignIn(WebApplication app)
    {
        app.MapGet("/", () => Results.Content(AdminPage.SignIn, "text/html"));
        app.MapPost(
                "/sign-in",
                (HttpRequest request) =>
                {
                    var name = request.Form["name"].ToString();
                    var claim = name == "admin" ? new Claim("role", name) : new Claim(CustomerClaim, name);
                    var identity = new ClaimsIdentity([claim], "name", CustomerClaim, "role");

                    return Results.SignIn(
                        new ClaimsPrincipal(identity),
                        new() { RedirectUri = name == "admin" ? "/admin" : "/speech?text=hello" },
                        CookieAuthenticationDefaults.AuthenticationScheme
                    );
                }
            )
            .DisableAntiforgery();
    }
}
