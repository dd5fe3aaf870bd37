using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>Answers the requests for a token.</summary>
internal sealed class SpeechTokenEndpoint(
    SpeechTokenIssuers issuers,
    SpeechTokenEndpointOptions options,
    SpeechTokenProtection protection,
    IServiceProvider services
)
{
    private static readonly TimeSpan _afterRefusal = TimeSpan.FromMinutes(1); // a wrong setting takes longer to mend than an outage
    private static readonly TimeSpan _afterOutage = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;

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

        var (issuer, failed) = await issuers.FindAsync(context).ConfigureAwait(false);
        if (issuer is null && !failed)
        {
            await SpeechTokenProblem.NotAllowed.WriteAsync(context.Response).ConfigureAwait(false);
            return SpeechTokenMeter.NotAllowed;
        }

        var (token, retryAfter) = issuer is null
            ? (null, _afterOutage)
            : await issuer.TakeAsync(options.MinimumRemaining, context.RequestAborted).ConfigureAwait(false);
        if (token is null)
        {
            await SpeechTokenProblem.Unavailable.WriteAsync(context.Response, retryAfter).ConfigureAwait(false);
            return SpeechTokenMeter.Unavailable;
        }

        await WriteAsync(context.Response, issuer!.BodyOf(token, _time.GetUtcNow(), options.Shape))
            .ConfigureAwait(false);
        return SpeechTokenMeter.Issued;
    }

    private Task WriteAsync(HttpResponse response, SpeechTokenBody body)
    {
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
}
