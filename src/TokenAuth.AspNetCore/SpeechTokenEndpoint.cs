using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>Answers the requests for a token.</summary>
internal sealed partial class SpeechTokenEndpoint(
    string providerName,
    ITokenProvider provider,
    SpeechTokenEndpointOptions options,
    SpeechTokenProtection protection,
    IServiceProvider services
)
{
    // Where the failure does not say when to ask again: a wrong setting takes longer to mend than an outage.
    private static readonly TimeSpan _afterOutage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _afterRefusal = TimeSpan.FromMinutes(1);

    private readonly IAzureSpeechResource _resource = (IAzureSpeechResource)provider;
    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    private readonly ILogger _logger = services
        .GetRequiredService<ILoggerFactory>()
        .CreateLogger<SpeechTokenEndpoint>();

    private SpeechTokenBody? _body; // immutable; a lost race costs one more
    private int _isFailing; // 1 from the first failure to the next token

    public async Task HandleAsync(HttpContext context)
    {
        KeepPrivate(context.Response.Headers);

        try
        {
            SpeechTokenMeter.Ended(await AnswerAsync(context).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            SpeechTokenMeter.Ended(SpeechTokenMeter.Abandoned); // the caller left; Kestrel would log an error
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }

    /// <summary>The outcome.</summary>
    private async ValueTask<string> AnswerAsync(HttpContext context)
    {
        if (!await protection.AllowsAsync(context).ConfigureAwait(false))
        {
            await SpeechTokenProblem.Unprotected.WriteAsync(context.Response, _afterRefusal).ConfigureAwait(false);
            return SpeechTokenMeter.Unprotected;
        }
        if (
            options.Authorize is { } authorize
            && !await authorize(context, context.RequestAborted).ConfigureAwait(false)
        )
        {
            await SpeechTokenProblem.NotAllowed.WriteAsync(context.Response).ConfigureAwait(false);
            return SpeechTokenMeter.NotAllowed;
        }

        var (token, retryAfter) = await TakeAsync(context.RequestAborted).ConfigureAwait(false);
        if (token is null)
        {
            await SpeechTokenProblem.Unavailable.WriteAsync(context.Response, retryAfter).ConfigureAwait(false);
            return SpeechTokenMeter.Unavailable;
        }

        await WriteAsync(context.Response, token).ConfigureAwait(false);
        return SpeechTokenMeter.Issued;
    }

    /// <summary>A token, or when to ask again.</summary>
    private async ValueTask<(AccessToken? Token, TimeSpan RetryAfter)> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var token = await provider.GetTokenAsync(options.MinimumRemaining, cancellationToken).ConfigureAwait(false);
            if (!_resource.GrantsServiceTokens) // its settings may have changed since the start
                return (null, Failed("its tokens are no longer those that a browser may have", _afterRefusal));

            if (Volatile.Read(ref _isFailing) == 1 && Interlocked.Exchange(ref _isFailing, 0) == 1)
                Listeners.Tell(() => LogWorksAgain(_logger, providerName));

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
            return (null, Failed(exception.GetType().Name, _afterOutage));
        }
    }

    // Once an outage: a thousand browsers ask again and again.
    private TimeSpan Failed(string cause, TimeSpan retryAfter)
    {
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
            Listeners.Tell(() => LogFailing(_logger, providerName, cause));

        return retryAfter;
    }

    private Task WriteAsync(HttpResponse response, AccessToken token)
    {
        var body = _body = SpeechTokenBody.Of(token, _time.GetUtcNow(), _resource, options.Shape, _body);
        response.ContentLength = body.Bytes.Length;
        response.ContentType = "application/json";
        if (options.Shape == SpeechTokenShape.Text)
        {
            response.ContentType = "text/plain";
            if (body.Region is not null)
                response.Headers["SpeechRegion"] = body.Region;
            if (body.Endpoint is not null)
                response.Headers["SpeechPrivateEndpoint"] = body.Endpoint.AbsoluteUri;
        }

        return response.Body.WriteAsync(body.Bytes, 0, body.Bytes.Length);
    }

    private static void KeepPrivate(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.Pragma = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.Append("Vary", "Origin, Authorization, Cookie"); // beside what a middleware has said
    }

    [LoggerMessage(
        510,
        LogLevel.Warning,
        "Browsers and apps get no Speech token from token provider '{Provider}'; more failures of this outage are not logged. {Cause}"
    )]
    private static partial void LogFailing(ILogger logger, string provider, string cause);

    [LoggerMessage(
        511,
        LogLevel.Information,
        "Browsers and apps get Speech tokens from token provider '{Provider}' again."
    )]
    private static partial void LogWorksAgain(ILogger logger, string provider);
}
