using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Finds whose token a caller gets: the provider's, or a tenant's.</summary>
internal sealed class SpeechTokenIssuers
{
    // Keeps no tenant in memory: what is known of one goes with its provider.
    private readonly ConditionalWeakTable<ITokenProvider, SpeechTokenIssuer> _ofTenants = new();
    private readonly SpeechTokenOutages _outages; // of tokens
    private readonly SpeechTokenOutages _outagesOfResolver;
    private readonly SpeechTokenOutages _unknown; // tenants; "" stands for none chosen
    private readonly string _name;
    private readonly SpeechTokenIssuer? _only;
    private readonly IServiceProvider _services;
    private readonly Func<HttpContext, string?>? _tenant;
    private readonly ILogger _logger;

    public SpeechTokenIssuers(string name, IServiceProvider services, ITokenProvider only)
        : this(name, services) => _only = new(name, tenant: "", only, _outages, services);

    public SpeechTokenIssuers(string name, IServiceProvider services, Func<HttpContext, string?> tenant)
        : this(name, services) => _tenant = tenant;

    private SpeechTokenIssuers(string name, IServiceProvider services)
    {
        (_name, _services) = (name, services);
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        (_outages, _outagesOfResolver, _unknown) = (new(time), new(time), new(time));
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<SpeechTokenEndpoint>();
    }

    /// <summary>Null when the caller has no tenant, the tenant is unknown, or the resolver failed.</summary>
    public async ValueTask<(SpeechTokenIssuer? Issuer, bool Failed)> FindAsync(HttpContext context)
    {
        if (_only is not null)
            return (_only, false);
        if (_tenant!(context) is not { Length: > 0 } tenant) // what it throws is the application's own
        {
            HasNoTenant("", "SpeechTokenEndpointOptions.Tenant chose no tenant.");
            return (null, false);
        }

        try
        {
            var issuer = await OfAsync(tenant, context.RequestAborted).ConfigureAwait(false);
            if (issuer is null)
                HasNoTenant(TenantName.Shown(tenant), $"there is no tenant '{TenantName.Shown(tenant)}'.");
            else if (!_unknown.IsEmpty)
                _unknown.End(TenantName.Shown(tenant));
            if (!_outagesOfResolver.IsEmpty)
                _outagesOfResolver.End(TenantName.Shown(tenant));

            return (issuer, false);
        }
#pragma warning disable CA1031 // whatever a resolver throws: a caller learns that there is no token, and no more
        catch (Exception exception)
            when (exception is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Failed(TenantName.Shown(tenant), SpeechTokenCause.Of(exception));
            return (null, true);
        }
    }

    /// <summary>Null: there is no such tenant.</summary>
    private async ValueTask<SpeechTokenIssuer?> OfAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            var provider = await _services
                .GetRequiredService<ITokenTenants>()
                .GetAsync(_name, tenant, cancellationToken)
                .ConfigureAwait(false);

            return _ofTenants.GetValue(
                provider,
                key => new SpeechTokenIssuer(_name, TenantName.Shown(tenant), key, _outages, _services)
            );
        }
        catch (UnknownTenantException)
        {
            return null;
        }
    }

    // Once for each tenant: any signed-in caller may ask again and again.
    private void HasNoTenant(string tenant, string cause)
    {
        if (_unknown.Begin(tenant))
            TelemetryGuard.Emit(() => _logger.HasNoTenant(_name, cause));
    }

    // Once an outage: a thousand browsers ask again and again.
    private void Failed(string tenant, string cause)
    {
        if (_outagesOfResolver.Begin(tenant))
            TelemetryGuard.Emit(() => _logger.CannotResolve(_name, tenant, cause));
    }
}
