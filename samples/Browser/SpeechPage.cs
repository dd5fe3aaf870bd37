using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace Browser;

/// <summary>The server behind the page.</summary>
public static class SpeechPage
{
    // What Microsoft hosts for pages without a package manager.
    private const string VendorBundle = "https://aka.ms/csspeech/jsbrowserpackageraw";

    private const string NpmBundle =
        "microsoft-cognitiveservices-speech-sdk/distrib/browser/microsoft.cognitiveservices.speech.sdk.bundle-min.js";

    public static void AddServices(WebApplicationBuilder builder, TokenServiceEmulator? emulator)
    {
        builder.Configuration["TokenAuth:speech:Provider"] = "AzureSpeech";
        if (emulator is not null)
        {
            builder.Configuration["TokenAuth:speech:SubscriptionKey"] = emulator.AzureSpeech.PrimaryKey;
            builder.Configuration["TokenAuth:speech:TokenEndpoint"] = emulator.AzureTokenEndpoint.AbsoluteUri;
        }

        // What an application writes, here and in Map.
        builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"));
        builder
            .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.Cookie.SameSite = SameSiteMode.Strict);
        builder.Services.AddAuthorization();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.AddPolicy(
                "speech",
                context =>
                    RateLimitPartition.GetFixedWindowLimiter(
                        context.User.Identity?.Name ?? "",
                        _ => new() { PermitLimit = 60, Window = TimeSpan.FromMinutes(1) }
                    )
            );
            limiter.AddPolicy(
                "refusals",
                context =>
                    RateLimitPartition.GetFixedWindowLimiter(
                        context.User.Identity?.Name ?? "",
                        _ => new() { PermitLimit = 2, Window = TimeSpan.FromHours(1) }
                    )
            );
        });
        builder.Services.AddHttpClient<RefusedToken>(http => http.Timeout = TimeSpan.FromSeconds(5));
    }

    public static void Map(WebApplication app, TokenServiceEmulator? emulator)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter(); // behind the sign-in: one limit for each user

        app.MapSpeechToken("/speech-token", "speech").RequireAuthorization().RequireRateLimiting("speech");
        // A page whose token was refused says so: the server has the same one and would hand it out again.
        app.MapPost(
                "/speech-token/refused",
                (Report report, RefusedToken refused) => refused.HandleAsync(report.Token, emulator)
            )
            .RequireAuthorization()
            .RequireRateLimiting("refusals");

        MapSignIn(app);
        if (emulator is not null)
            MapEmulator(app, emulator);
    }

    // Put your own sign-in in this place.
    private static void MapSignIn(WebApplication app)
    {
        app.MapPost(
            "/sign-in",
            (SignIn signIn) =>
                string.IsNullOrWhiteSpace(signIn.Name)
                    ? Results.BadRequest()
                    : Results.SignIn(
                        new ClaimsPrincipal(
                            new ClaimsIdentity([new(ClaimTypes.Name, signIn.Name)], "name", ClaimTypes.Name, null)
                        ),
                        authenticationScheme: CookieAuthenticationDefaults.AuthenticationScheme
                    )
        );
        app.MapPost("/sign-out", (HttpContext context) => context.SignOutAsync());
    }

    /// <summary>The page loads the Speech SDK from here, or from the vendor's site where npm could not install it.</summary>
    public static void MapSpeechSdk(WebApplication app, TokenServiceEmulator? emulator, NodePackages packages)
    {
        app.MapGet("/settings", (ClaimsPrincipal user) => Settings(user, emulator, packages));
        if (packages.Problem is null)
            app.MapGet(
                "/speech-sdk.js",
                () => Results.File(Path.Combine(packages.Folder, NpmBundle), "text/javascript")
            );
    }

    private static object Settings(ClaimsPrincipal user, TokenServiceEmulator? emulator, NodePackages packages) =>
        new
        {
            User = user.Identity?.Name,
            Host = emulator?.AzureSpeechHost,
            Sdk = packages.Problem is null ? "/speech-sdk.js" : VendorBundle,
            SdkNote = packages.Problem is null
                ? "The Speech SDK comes from the npm package."
                : $"The Speech SDK comes from the vendor's site: {packages.Problem}",
        };

    // Stands in for the portal and the bill; emulator only.
    private static void MapEmulator(WebApplication app, TokenServiceEmulator emulator)
    {
        app.MapPost("/revoke", () => new { Revoked = emulator.RevokeAccessTokens() }).RequireAuthorization();
        app.MapGet(
            "/vendor",
            () =>
            {
                var ledger = emulator.Ledger;
                return new { Issued = ledger.AccessTokensMinted, Refused = ledger.DataCallsRejected };
            }
        );
    }

    private sealed record SignIn(string Name);

    private sealed record Report(string? Token);
}
