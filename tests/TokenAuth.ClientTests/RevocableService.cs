using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.ClientTests;

/// <summary>
/// A token endpoint in VK Cloud's dialect and, on the same server, a service that accepts one token only. The service sends a body back.
/// </summary>
internal sealed class RevocableService : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _credentials = new();
    private readonly ConcurrentQueue<HttpStatusCode> _outage = new();
    private readonly WebApplication _app;

    private volatile int _issued;
    private volatile int _accepted = 1;

    private RevocableService(WebApplication app) => _app = app;

    /// <summary>How the service refuses a credential.</summary>
    public Func<HttpContext, Task> Refuse { get; set; } = RefuseWith401;

    /// <summary>Runs before a credential is looked at.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public Uri Address => Addresses.First();

    /// <summary>The same service over HTTP/2 without TLS, for gRPC.</summary>
    public Uri Http2Address => Addresses.Last();

    public int TokensIssued => _issued;

    /// <summary>What each request to the service brought along, in order; "none" where it brought nothing.</summary>
    public IReadOnlyCollection<string> Credentials => _credentials;

    private IEnumerable<Uri> Addresses =>
        _app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(address => new Uri(address));

    public static async Task<RevocableService> StartAsync(
        Action<IServiceCollection>? configure = null,
        Action<WebApplication>? map = null
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        var service = new RevocableService(app);
        app.MapPost("/token", service.IssueAsync);
        app.UseWebSockets();
        app.Use(service.GuardAsync);
        app.UseRouting();
        map?.Invoke(app);
        app.MapFallback(EchoAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public static Task RefuseWith401(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    /// <summary>From now on the service accepts the next token that will be issued, and no earlier one.</summary>
    public void Revoke() => _accepted = _issued + 1;

    /// <summary>Lets the service fail once with this status before it looks at a credential.</summary>
    public void FailOnce(HttpStatusCode status) => _outage.Enqueue(status);

    /// <summary>What an application registers: the provider "voice".</summary>
    public ServiceCollection CreateClientServices()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        AddProvider(services);
        return services;
    }

    public void AddProvider(IServiceCollection services) =>
        services
            .AddTokenAuth()
            .AddVkCloud(
                "voice",
                voice =>
                {
                    voice.ClientId = "mcs0000000000.voice.test";
                    voice.ClientSecret = "a-secret";
                    voice.TokenEndpoint = new(Address, "token");
                }
            );

    /// <summary>One call went well, one met the revoked token and was healed by one renewal; nothing was sent without a credential.</summary>
    public void AssertHealed()
    {
        Assert.Equal(["token-1", "token-1", "token-2"], Credentials);
        Assert.Equal(2, TokensIssued);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult IssueAsync() =>
        Results.Json(
            new Dictionary<string, string>
            {
                ["access_token"] = $"token-{Interlocked.Increment(ref _issued)}",
                ["refresh_token"] = "a-refresh-token",
                ["expired_in"] = "3600",
            }
        );

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == "/token")
        {
            await next(context);
            return;
        }

        var authorization = context.Request.Headers.Authorization.ToString();
        var token = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : "none";
        _credentials.Enqueue(token);
        await Before();
        if (_outage.TryDequeue(out var status))
            context.Response.StatusCode = (int)status;
        else if (token == $"token-{_accepted}")
            await next(context);
        else
            await Refuse(context);
    }

    private static Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType;
        return context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
