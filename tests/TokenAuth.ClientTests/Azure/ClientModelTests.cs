using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.Azure;

public sealed class ClientModelTests
{
    [Fact]
    public async Task A_call_of_its_pipeline_that_met_a_revoked_token_is_healed()
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        services.AddHttpClient("speech").AddBearerToken("voice");
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();
        // recipe: client-model
        var pipeline = ClientPipeline.Create(
            new ClientPipelineOptions { Transport = new HttpClientPipelineTransport(clients.CreateClient("speech")) }
        );
        // end of recipe

        var first = await EchoAsync(pipeline, service.Address, "first");
        service.Revoke();
        var second = await EchoAsync(pipeline, service.Address, "second");

        Assert.Equal(("first", "second"), (first, second));
        service.AssertHealed();
    }

    private static async Task<string> EchoAsync(ClientPipeline pipeline, Uri address, string text)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = "POST";
        message.Request.Uri = new(address, "echo");
        message.Request.Content = BinaryContent.Create(BinaryData.FromString(text));
        await pipeline.SendAsync(message);
        return message.Response!.Content.ToString();
    }
}
