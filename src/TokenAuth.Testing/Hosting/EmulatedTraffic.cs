using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TokenAuth.Testing;

/// <summary>Every request passes here on its way in: it is recorded and counted, and meets the fault that waits for it.</summary>
internal sealed class EmulatedTraffic(
    TokenServiceEmulatorOptions options,
    LedgerBook book,
    TokenServiceFaults faults,
    EmulatedVkCloud vkCloud
)
{
    private const int MaxTokenRequest = 64 * 1024;

    public async Task PassAsync(HttpContext context, RequestDelegate answer)
    {
        // The server's own header tells the machine's time, which a manual clock is not.
        context.Response.Headers.Date = options.TimeProvider.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        if (!VendorHosts.Has(context.Request.Host.Host, context.Request.Path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<TokenServiceEndpointMark>() is not { Endpoint: var endpoint })
        {
            await answer(context).ConfigureAwait(false);
            return;
        }

        try
        {
            var request = await RecordAsync(context, endpoint).ConfigureAwait(false);
            await CountedAsync(context, request, answer).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException
                && context.RequestAborted.IsCancellationRequested
            )
        {
            // The client left, or a fault sent it away.
        }
    }

    private async Task CountedAsync(HttpContext context, RecordedRequest request, RequestDelegate answer)
    {
        book.Enter(request);
        try
        {
            if (request.Endpoint == TokenServiceEndpoint.VkToken)
                vkCloud.NoteArrival(request);

            if (faults.Take(request.Endpoint) is not { } fault)
            {
                await answer(context).ConfigureAwait(false);
                return;
            }

            book.Faulted(request.Endpoint);
            await fault.AnswerAsync(context, answer).ConfigureAwait(false);
        }
        finally
        {
            book.Leave(request.Endpoint);
        }
    }

    private async Task<RecordedRequest> RecordAsync(HttpContext context, TokenServiceEndpoint endpoint)
    {
        byte[] body = [];
        if (endpoint is TokenServiceEndpoint.VkToken or TokenServiceEndpoint.AzureToken)
        {
            body = await RequestBody.ReadAsync(context, MaxTokenRequest).ConfigureAwait(false);
            context.Request.Body = new MemoryStream(body);
        }

        return new(
            endpoint,
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            )
        )
        {
            ReceivedAt = options.TimeProvider.GetUtcNow(),
            Body = body,
        };
    }
}
