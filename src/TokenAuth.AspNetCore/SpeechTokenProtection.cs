using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>
/// Judges whether an endpoint of tokens is protected: when the host has started, which is the first time that all conventions are there, and
/// at the first request, since a server answers before that and some hosts have no such moment.
/// </summary>
internal sealed class SpeechTokenProtection(string call, IServiceProvider services)
{
    // What AuthorizationMiddleware leaves behind; the framework looks for it too, but not everywhere.
    private const string AuthorizationHasRun = "__AuthorizationMiddlewareWithEndpointInvoked";

    private readonly ILogger _logger = services
        .GetRequiredService<ILoggerFactory>()
        .CreateLogger<SpeechTokenProtection>();
    private readonly bool _isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() is true;

    private volatile Verdict? _last; // immutable; a lost race costs one more look
    private int _hasLogged;

    public SpeechTokenMark Mark { get; } = new();

    /// <exception cref="InvalidOperationException">Anybody could get a token.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints)
        {
            if (!ReferenceEquals(endpoint.Metadata.GetMetadata<SpeechTokenMark>(), Mark))
                continue;
            if ((await JudgeAsync(endpoint).ConfigureAwait(false)).Protection != Protection.None)
                continue;
            if (!_isDevelopment)
                throw new InvalidOperationException(Remedy());

            TelemetryGuard.Emit(() => _logger.IsUnprotected(call, Remedy()));
        }
    }

    /// <summary>True when the endpoint that a request has reached may hand out a token.</summary>
    public ValueTask<bool> AllowsAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (_last is { } last && ReferenceEquals(last.Endpoint, endpoint))
            return new(Allows(context, last.Protection));

        return endpoint is null ? new(_isDevelopment) : LookAsync(context, endpoint);
    }

    private async ValueTask<bool> LookAsync(HttpContext context, Endpoint endpoint) =>
        Allows(context, (await JudgeAsync(endpoint).ConfigureAwait(false)).Protection);

    private bool Allows(HttpContext context, Protection protection)
    {
        var allows =
            protection == Protection.Anonymous
            || (protection == Protection.ByMiddleware && context.Items.ContainsKey(AuthorizationHasRun));
        if (!allows && Interlocked.Exchange(ref _hasLogged, 1) == 0)
            TelemetryGuard.Emit(() => LogOpen(protection));

        return allows || _isDevelopment;
    }

    private void LogOpen(Protection protection)
    {
        if (protection == Protection.ByMiddleware && _isDevelopment)
            _logger.IsOpenInDevelopment(call);
        else if (protection == Protection.ByMiddleware)
            _logger.LacksMiddleware(call);
        else if (!_isDevelopment) // there the start has said it
            _logger.RefusesAll(call, Remedy());
    }

    private async ValueTask<Verdict> JudgeAsync(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var protection =
            metadata.GetMetadata<IAllowAnonymous>() is not null ? Protection.Anonymous
            : metadata.GetMetadata<IAuthorizeData>() is not null
            || metadata.GetMetadata<AuthorizationPolicy>() is not null
            || metadata.GetMetadata<IAuthorizationRequirementData>() is not null
            || await HasFallbackAsync().ConfigureAwait(false)
                ? Protection.ByMiddleware
            : Protection.None;

        return _last = new(endpoint, protection);
    }

    private async Task<bool> HasFallbackAsync() =>
        services.GetService<IAuthorizationPolicyProvider>() is { } policies
        && await policies.GetFallbackPolicyAsync().ConfigureAwait(false) is not null;

    private string Remedy() =>
        $"{call} would hand Azure Speech tokens to anybody: its endpoint has no authorization, and there is no fallback policy. Write one of these lines:\n"
        + $"    app.{call}.RequireAuthorization();   // for signed-in callers\n"
        + $"    app.{call}.AllowAnonymous();         // for anybody, where something in front decides who may call";

    private enum Protection
    {
        None,
        Anonymous,

        /// <summary>
        /// Somebody has to apply a policy. Where that is an attribute's, the framework refuses to run the endpoint without the middleware, unless
        /// <c>RouteOptions.SuppressCheckForUnhandledSecurityMetadata</c> says not to; for all others it looks at nothing.
        /// </summary>
        ByMiddleware,
    }

    private sealed record Verdict(Endpoint Endpoint, Protection Protection);
}
