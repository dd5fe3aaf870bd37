using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.Azure;

public sealed class AzureCoreTests
{
    [Fact]
    public async Task A_call_of_its_pipeline_that_met_a_revoked_token_is_healed()
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        services.AddHttpClient("speech").AddBearerToken("voice");
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();
        // recipe: azure-core
        var options = new SpeechClientOptions { Transport = new HttpClientTransport(clients.CreateClient("speech")) };
        var pipeline = HttpPipelineBuilder.Build(options); // without a policy for credentials
        // end of recipe

        var first = await EchoAsync(pipeline, service.Address, "first");
        service.Revoke();
        var second = await EchoAsync(pipeline, service.Address, "second");

        Assert.Equal(("first", "second"), (first, second));
        service.AssertHealed();
    }

    private static async Task<string> EchoAsync(HttpPipeline pipeline, Uri address, string text)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new(address, "echo"));
        message.Request.Content = RequestContent.Create(BinaryData.FromString(text));
        await pipeline.SendAsync(message, TestContext.Current.CancellationToken);
        return message.Response.Content.ToString();
    }

    private sealed class SpeechClientOptions : ClientOptions;
}
