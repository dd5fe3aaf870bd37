using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>Finds whose token a caller gets: the provider's, or a tenant's.</summary>
internal sealed class SpeechTokenIssuers
{
    // Keeps no tenant in memory: what is known of one goes with its provider.
    private readonly ConditionalWeakTable<ITokenProvider, SpeechTokenIssuer> _ofTenants = new();
    private readonly string _name;
    private readonly SpeechTokenIssuer? _only;
    private readonly IServiceProvider? _services;
    private readonly Func<HttpContext, string?>? _tenant;

    public SpeechTokenIssuers(string name, SpeechTokenIssuer only) => (_name, _only) = (name, only);

    public SpeechTokenIssuers(string name, IServiceProvider services, Func<HttpContext, string?> tenant) =>
        (_name, _services, _tenant) = (name, services, tenant);

    public string Name => _name;

    /// <summary>Null: the caller has no tenant, or one that is not known.</summary>
    public async ValueTask<SpeechTokenIssuer?> OfAsync(HttpContext context)
    {
        if (_only is not null)
            return _only;
        if (_tenant!(context) is not { Length: > 0 } tenant)
            return null;

        try
        {
            var provider = await _services!
                .GetRequiredService<ITokenTenants>()
                .GetAsync(_name, tenant, context.RequestAborted)
                .ConfigureAwait(false);

            return _ofTenants.GetValue(provider, key => new SpeechTokenIssuer(_name, key, _services!));
        }
        catch (UnknownTenantException)
        {
            return null;
        }
    }
}
