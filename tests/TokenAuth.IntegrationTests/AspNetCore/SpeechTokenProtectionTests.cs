using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenAuth.Tests;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>An endpoint that would hand tokens to anybody does not start, and serves nobody until that is known.</summary>
public sealed class SpeechTokenProtectionTests
{
    private const string Remedy = """
        MapSpeechToken("/speech-token", "speech") would hand Azure Speech tokens to anybody: its endpoint has no authorization, and there is no fallback policy. Write one of these lines:
            app.MapSpeechToken("/speech-token", "speech").RequireAuthorization();   // for signed-in callers
            app.MapSpeechToken("/speech-token", "speech").AllowAnonymous();         // for anybody, where something in front decides who may call
        """;

    private static readonly Dictionary<string, Func<IEndpointRouteBuilder, IEndpointConventionBuilder>> _maps = new()
    {
        ["unprotected"] = Map,
        ["unprotected, in a group"] = app =>
        {
            Map(app.MapGroup("/api"));
            return app.MapGroup("/other").RequireAuthorization();
        },
        ["unprotected, in a group of a group"] = app => Map(app.MapGroup("/api").MapGroup("/v1")),
        ["unprotected, with a policy for CORS"] = app => Map(app).WithMetadata(new HttpMethodMetadata(["POST"])),
        ["protected"] = app => Map(app).RequireAuthorization(),
        ["protected by a policy"] = app => Map(app).RequireAuthorization(policy => policy.RequireAuthenticatedUser()),
        ["protected by its group"] = app =>
        {
            var group = app.MapGroup("/api");
            Map(group);
            return group.RequireAuthorization(); // after the endpoint
        },
        ["open to anybody"] = app => Map(app).AllowAnonymous(),
        ["open to anybody by its group"] = app => Map(app.MapGroup("/api").AllowAnonymous()),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Arrangements
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var map in _maps.Keys)
            foreach (var isMinimal in new[] { true, false })
                rows.Add(map, isMinimal);

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Arrangements))]
    public async Task In_Production_only_a_protected_one_starts(string map, bool isMinimal)
    {
        using var host = Build(isMinimal, "Production", _maps[map]);

        if (map.StartsWith("unprotected", StringComparison.Ordinal))
            Assert.Equal(
                Remedy,
                (await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancel))).Message
            );
        else
            await host.StartAsync(Cancel);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fallback_policy_protects_it(bool isMinimal)
    {
        using var host = Build(isMinimal, "Production", Map, AddFallback);

        await host.StartAsync(Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(host)).StatusCode);
    }

    [Fact]
    public async Task A_fallback_policy_that_no_middleware_applies_protects_nothing_so_nothing_is_handed_out()
    {
        using var host = Build(isMinimal: false, "Production", Map, AddFallback, usesAuthorization: false);
        await host.StartAsync(Cancel);

        using var response = await PostAsync(host);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(
            """{"type":"urn:tokenauth:speech-token-unprotected","title":"The endpoint of Speech tokens is not protected.","status":503,"detail":"The server hands out no token through an endpoint without authorization; its log says what to add."}""",
            await response.Content.ReadAsStringAsync(Cancel)
        );
        Assert.Equal(
            [
                "MapSpeechToken(\"/speech-token\", \"speech\") refuses every request: the authorization middleware does not run before it, so nothing applies its policy. Call "
                    + "app.UseAuthorization() between UseRouting and UseEndpoints.",
            ],
            Logs(host).Messages(502)
        );
    }

    // The framework looks for the middleware itself, unless it is told not to.
    [Theory]
    [InlineData("protected")]
    [InlineData("protected by a policy")]
    public async Task A_policy_of_its_own_that_no_middleware_applies_protects_nothing_either(string map)
    {
        using var host = Build(isMinimal: false, "Production", _maps[map], SuppressTheCheck, usesAuthorization: false);
        await host.StartAsync(Cancel);

        using var response = await PostAsync(host);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.DoesNotContain("a.b.c", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Single(Logs(host).Messages(502));
    }

    [Fact]
    public async Task With_the_middleware_a_check_that_is_suppressed_changes_nothing()
    {
        using var host = Build(isMinimal: true, "Production", _maps["protected"], SuppressTheCheck);
        await host.StartAsync(Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(host)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(host, name: "ann")).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_Development_a_policy_that_no_middleware_applies_is_a_warning_at_the_first_request(bool isOwn)
    {
        using var host = Build(
            isMinimal: false,
            "Development",
            isOwn ? _maps["protected"] : Map,
            isOwn ? SuppressTheCheck : AddFallback,
            usesAuthorization: false
        );
        await host.StartAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(host)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(host)).StatusCode);

        Assert.Equal(
            [
                "MapSpeechToken(\"/speech-token\", \"speech\") hands out tokens to anybody, which only Development allows: the authorization middleware does not run before it, so nothing applies "
                    + "its policy. Call app.UseAuthorization() between UseRouting and UseEndpoints.",
            ],
            Logs(host).Messages(503)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_Development_it_starts_and_a_warning_shows_the_line(bool isMinimal)
    {
        using var host = Build(isMinimal, "Development", Map);

        await host.StartAsync(Cancel);

        Assert.Equal(
            [$"MapSpeechToken(\"/speech-token\", \"speech\") is unprotected, which only Development allows. {Remedy}"],
            Logs(host).Messages(500)
        );
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(host)).StatusCode);
    }

    [Theory]
    [InlineData("Staging")]
    [InlineData("production")]
    [InlineData("Local")]
    public async Task Every_other_environment_is_as_Production(string environment)
    {
        using var host = Build(isMinimal: true, environment, Map);

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancel));
    }

    // The server listens before the endpoints can be looked at.
    [Fact]
    public async Task Until_the_start_has_ended_an_unprotected_one_refuses_by_itself()
    {
        var early = new EarlyCaller();
        using var host = Build(
            isMinimal: true,
            "Production",
            Map,
            services => services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(early))
        );
        early.Call = () => PostAsync(host);

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancel));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.Response!.StatusCode);
        Assert.Contains(
            "urn:tokenauth:speech-token-unprotected",
            await early.Response.Content.ReadAsStringAsync(Cancel),
            StringComparison.Ordinal
        );
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder app) =>
        app.MapSpeechToken("/speech-token", "speech");

    private static void AddFallback(IServiceCollection services) =>
        services
            .AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

    private static void SuppressTheCheck(IServiceCollection services) =>
        services.Configure<RouteOptions>(o => o.SuppressCheckForUnhandledSecurityMetadata = true);

    private static RecordedLogs Logs(IHost host) => (RecordedLogs)host.Services.GetRequiredService<ILoggerFactory>();

    private static IHost Build(
        bool isMinimal,
        string environment,
        Func<IEndpointRouteBuilder, IEndpointConventionBuilder> map,
        Action<IServiceCollection>? configure = null,
        bool usesAuthorization = true
    )
    {
        if (isMinimal)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            Register(builder.Services, configure);
            var app = builder.Build();
            map(app);

            return app;
        }

        return Host.CreateDefaultBuilder()
            .UseEnvironment(environment)
            .ConfigureWebHostDefaults(web =>
                web.UseUrls("http://127.0.0.1:0")
                    .ConfigureServices(services => Register(services, configure))
                    .Configure(app =>
                    {
                        app.UseRouting();
                        if (usesAuthorization)
                            app.UseAuthentication().UseAuthorization();
                        app.UseEndpoints(endpoints => map(endpoints));
                    })
            )
            .Build();
    }

    private static void Register(IServiceCollection services, Action<IServiceCollection>? configure)
    {
        services.AddSingleton<ILoggerFactory>(new RecordedLogs());
        services
            .AddAuthentication(NameHeaderAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, NameHeaderAuthentication>(NameHeaderAuthentication.Name, null);
        services.AddAuthorization();
        services.AddTokenAuth().AddProvider("speech", _ => new FixedSpeechProvider());
        configure?.Invoke(services);
    }

    private static async Task<HttpResponseMessage> PostAsync(IHost host, string? name = null)
    {
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        using var client = new HttpClient();
        if (name is not null)
            client.DefaultRequestHeaders.Add("X-Name", name);

        return await client.PostAsync(new Uri(new Uri(addresses.Single()), "/speech-token"), content: null, Cancel);
    }

    private sealed class EarlyCaller : IHostedLifecycleService
    {
        public Func<Task<HttpResponseMessage>>? Call { get; set; }

        public HttpResponseMessage? Response { get; private set; }

        public async Task StartedAsync(CancellationToken cancellationToken) => Response = await Call!();

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
