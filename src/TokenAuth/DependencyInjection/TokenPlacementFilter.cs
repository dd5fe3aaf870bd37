using System.Collections.Concurrent;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Wraps the primary handler of each client that is to carry a credential: below every logger and retry, whatever the order of
/// registration, and whoever replaces the primary handler or clears the additional ones.
/// </summary>
internal sealed class TokenPlacementFilter(
    IServiceProvider services,
    ILoggerFactory loggers,
    SharedPrimaryHandlers shared,
    TokenProviderRegistry registry,
    IEnumerable<TokenPlacement> placements
) : IHttpMessageHandlerBuilderFilter
{
    private readonly ILookup<string, TokenPlacement> _placements = placements.ToLookup(
        placement => placement.ClientName,
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, byte> _told = new(StringComparer.Ordinal);

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
        builder =>
        {
            var wanted = _placements[builder.Name ?? ""];
            try
            {
                next(builder);
            }
            catch (InvalidOperationException e)
                when (wanted.FirstOrDefault() is { } placement
                    && UsedPrimaryHandler.Error(builder, placement.Owner) is { } error
                )
            {
                throw new InvalidOperationException(error, e);
            }

            foreach (var ofOnePlace in wanted.GroupBy(placement => placement.Method, StringComparer.Ordinal))
                builder.PrimaryHandler = Wrap(builder.PrimaryHandler, [.. ofOnePlace]);
        };

    private TokenHandler Wrap(HttpMessageHandler primary, TokenPlacement[] ofOnePlace)
    {
        var placement = ofOnePlace[0];
        var options = TokenPlacement.Options(ofOnePlace);
        var hasTenants = registry.HasTenants(placement.ProviderName);
        var provider = hasTenants
            ? registry.GetWithTenants(placement.ProviderName)
            : services.GetRequiredKeyedService<ITokenProvider>(placement.ProviderName);
        if (!hasTenants)
            options.Tenant = null; // a fake is in the place of all tenants; otherwise the start was stopped
        var handler = placement.Create(provider, options);
        handler.Tenancy.IsOn = registry.GrantServiceTokensToTenants(placement.ProviderName) is null;
        handler.Owner = placement.Owner;
        handler.Logger = loggers.CreateLogger(handler.GetType());
        handler.IsQuiet = !_told.TryAdd(placement.Owner, 0); // the factory makes new handlers every two minutes
        handler.InnerHandler = primary;
        StopRedirects(handler);

        return handler;
    }

    private void StopRedirects(TokenHandler handler)
    {
        var primary = PrimaryHandler.Of(handler.InnerHandler);
        var followed = primary is not null && PrimaryHandler.FollowsRedirects(primary) is true;

        handler.SecurePrimaryHandler();
        if (followed && PrimaryHandler.FollowsRedirects(primary!) is false)
            shared.Stop(primary!, handler.Owner);
    }
}
