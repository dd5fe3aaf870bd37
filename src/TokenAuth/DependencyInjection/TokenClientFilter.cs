using Microsoft.Extensions.Http;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Leaves nothing between the exchange and the primary handler: a default retry for every client would multiply the three
/// attempts and spend refresh tokens, a default logger would see secrets.
/// </summary>
internal sealed class TokenClientFilter(SharedPrimaryHandlers shared, IEnumerable<TokenPlacement> placements)
    : IHttpMessageHandlerBuilderFilter
{
    private const string Owner = nameof(TokenAuthBuilderExtensions.ConfigureTokenClient);

    private readonly HashSet<string> _placed = new(
        placements.Select(placement => placement.ClientName),
        StringComparer.Ordinal
    );

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) =>
        builder =>
        {
            if (string.Equals(builder.Name, TokenClient.Name, StringComparison.Ordinal))
                BuildTokenClient(builder, next);
            else
                BuildOther(builder, next);
        };

    private void BuildTokenClient(HttpMessageHandlerBuilder builder, Action<HttpMessageHandlerBuilder> next)
    {
        try
        {
            next(builder);
            builder.AdditionalHandlers.Clear();
            StopRedirects(builder.PrimaryHandler);
            LeaveLoopbackOut(builder.PrimaryHandler);
        }
        catch (InvalidOperationException e) when (UsedPrimaryHandler.Error(builder, Owner) is { } error)
        {
            throw new TokenAcquisitionException(error, e);
        }
    }

    private void BuildOther(HttpMessageHandlerBuilder builder, Action<HttpMessageHandlerBuilder> next)
    {
        next(builder);
        if (!_placed.Contains(builder.Name ?? "") && PrimaryHandler.Of(builder.PrimaryHandler) is { } primary)
            shared.Use(primary, builder.Name ?? "");
    }

    private void StopRedirects(HttpMessageHandler handler)
    {
        if (PrimaryHandler.Of(handler) is not { } primary || PrimaryHandler.FollowsRedirects(primary) is not true)
            return;

        PrimaryHandler.StopFollowing(primary);
        shared.Stop(primary, Owner);
    }

    private static void LeaveLoopbackOut(HttpMessageHandler handler)
    {
        try
        {
            if (PrimaryHandler.Of(handler) is { } primary)
                PrimaryProxy.LeaveLoopbackOut(primary);
        }
        catch (InvalidOperationException)
        {
            // The application's handler has sent requests already; its proxy stays, and the endpoint is hardly on loopback then.
        }
    }
}
