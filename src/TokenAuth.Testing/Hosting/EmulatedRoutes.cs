using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TokenAuth.Testing;

/// <summary>The vendors' own paths, all on one port.</summary>
internal static class EmulatedRoutes
{
    public static void Map(IEndpointRouteBuilder routes, EmulatedVkCloud vkCloud, EmulatedAzureSpeech azureSpeech)
    {
        Map(
            routes,
            TokenServiceEndpoint.VkToken,
            "POST",
            "/auth/oauth/v1/token",
            async context =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
                await vkCloud.TokenAsync(context, body.ToArray()).ConfigureAwait(false);
            }
        );

        Map(routes, TokenServiceEndpoint.AzureToken, "POST", "/sts/v1.0/issueToken", azureSpeech.IssueTokenAsync);
        Map(routes, TokenServiceEndpoint.AzureToken, "POST", "/v1.0/issueToken", azureSpeech.IssueTokenAsync);
    }

    private static void Map(
        IEndpointRouteBuilder routes,
        TokenServiceEndpoint endpoint,
        string method,
        string path,
        RequestDelegate answer
    ) => routes.MapMethods(path, [method], answer).WithMetadata(new TokenServiceEndpointMark(endpoint));
}
