using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.IntegrationTests.AspNetCore;

public sealed class OpenApiTests
{
    [Fact]
    public async Task A_document_describes_the_endpoint()
    {
        await using var app = await SpeechApplication.StartAsync(
            app =>
            {
                app.MapSpeechToken("/speech-token", "speech").RequireAuthorization();
                app.MapOpenApi().AllowAnonymous();
            },
            (builder, _) => builder.Services.AddOpenApi()
        );

        using var document = JsonDocument.Parse(
            await app.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)
        );

        var post = document.RootElement.GetProperty("paths").GetProperty("/speech-token").GetProperty("post");
        Assert.Equal("Hands out an Azure Speech token.", post.GetProperty("summary").GetString());
        Assert.Equal(
            ["200", "401", "403", "503"],
            post.GetProperty("responses").EnumerateObject().Select(response => response.Name)
        );
        Assert.False(post.TryGetProperty("requestBody", out _));
        var schema = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("SpeechToken");
        Assert.Equal(
            ["token", "region", "expiresIn", "expiresAt", "endpoint"],
            schema.GetProperty("properties").EnumerateObject().Select(property => property.Name)
        );
    }
}
