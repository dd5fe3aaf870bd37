using Microsoft.Extensions.Http;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Leaves nothing between the exchange and the primary handler: a default retry for every client would multiply the three
/// attempts and spend refresh tokens, a default logger would see secrets.
/// </summary>
internal sealed class TokenClientFilter : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
        builder =>
        {
            next(builder);

            if (!string.Equals(builder.Name, TokenClient.Name, StringComparison.Ordinal))
                return;

            builder.AdditionalHandlers.Clear();
            if (
                PrimaryHandler.Of(builder.PrimaryHandler) is { } primary
                && PrimaryHandler.FollowsRedirects(primary) is true
            )
                PrimaryHandler.StopFollowing(primary);
        };
}
