using Microsoft.Extensions.Http;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Explains what the platform says of a primary handler that was used before: that a property cannot be changed any more.</summary>
internal static class UsedPrimaryHandler
{
    /// <summary>The reason why the handler cannot be set up; null when it can.</summary>
    public static string? Error(HttpMessageHandlerBuilder builder, string owner) =>
        PrimaryHandler.Of(builder.PrimaryHandler) is { } primary && PrimaryHandler.HasStarted(primary)
            ? $"The {primary.GetType().Name} of {owner} has sent requests already, so that it cannot be set up any more"
                + (
                    PrimaryHandler.FollowsRedirects(primary) is true
                        ? ", and it follows redirects, which could take a secret to another host"
                        : ""
                )
                + ". Let the function that is given to ConfigurePrimaryHttpMessageHandler make a new one, and set AllowAutoRedirect = false where "
                + "it is made."
            : null;
}
