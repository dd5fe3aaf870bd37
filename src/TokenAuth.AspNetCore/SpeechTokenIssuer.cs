using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The tokens of one provider as callers get them, or when to ask again.</summary>
/// <param name="tenant">As messages show it; empty where the provider has no tenants.</param>
internal sealed class SpeechTokenIssuer(
    string providerName,
    string tenant,
    ITokenProvider provider,
    SpeechTokenOutages outages,
    IServiceProvider services
)
{
    // Used when the failure has no Retry-After: a wrong setting takes longer to mend than an outage.
    private static readonly TimeSpan _afterOutage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _afterRefusal = TimeSpan.FromMinutes(1);

    private readonly IAzureSpeechResource _resource = (IAzureSpeechResource)provider;
    private readonly ILogger _logger = services
        .GetRequiredService<ILoggerFactory>()
        .CreateLogger<SpeechTokenEndpoint>();

    private SpeechTokenBody? _body; // immutable; a lost race costs one more

    private string ForTenant => tenant.Length == 0 ? "" : $" for tenant '{tenant}'";

    /// <summary>A token, or when to ask again.</summary>
    public async ValueTask<(AccessToken? Token, TimeSpan RetryAfter)> TakeAsync(
        TimeSpan minimumRemaining,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var token = await provider.GetTokenAsync(minimumRemaining, cancellationToken).ConfigureAwait(false);
            if (!_resource.GrantsServiceTokens) // its settings may have changed since the start
                return (null, Failed("its tokens are no longer those that a browser may have", _afterRefusal));

            if (!outages.IsEmpty && outages.End(tenant))
                TelemetryGuard.Emit(() => _logger.WorksAgain(providerName, ForTenant));

            return (token, default);
        }
        catch (TokenAcquisitionException exception)
        {
            return (
                null,
                Failed(
                    exception.Message,
                    exception.RetryAfter ?? (exception.IsTransient ? _afterOutage : _afterRefusal)
                )
            );
        }
#pragma warning disable CA1031 // whatever an application's own provider throws: a caller learns that there is no token, and no more
        catch (Exception exception)
            when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return (null, Failed(SpeechTokenCause.Of(exception), _afterOutage));
        }
    }

    // Once an outage: a thousand browsers ask again and again.
    private TimeSpan Failed(string cause, TimeSpan retryAfter)
    {
        if (outages.Begin(tenant))
            TelemetryGuard.Emit(() => _logger.Fails(providerName, ForTenant, cause));

        return retryAfter;
    }

    /// <summary>The token as it is written; reuses the last body while nothing changed.</summary>
    public SpeechTokenBody BodyOf(AccessToken token, DateTimeOffset now, SpeechTokenShape shape) =>
        _body = SpeechTokenBody.Of(token, now, _resource, shape, _body);
}
