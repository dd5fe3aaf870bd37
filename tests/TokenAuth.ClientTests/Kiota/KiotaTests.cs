using Microsoft.Extensions.DependencyInjection;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Serialization.Json;

namespace TokenAuth.ClientTests.Kiota;

public sealed class KiotaTests
{
    static KiotaTests()
    {
        // A generated client's constructor does the same.
        SerializationWriterFactoryRegistry.DefaultInstance.ContentTypeAssociatedFactories["application/json"] =
            new JsonSerializationWriterFactory();
        ParseNodeFactoryRegistry.DefaultInstance.ContentTypeAssociatedFactories["application/json"] =
            new JsonParseNodeFactory();
    }

    [Fact]
    public async Task A_call_with_a_body_that_met_a_revoked_token_is_healed()
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        var address = service.Address;
        // recipe: kiota
        services.AddHttpClient("speech", http => http.BaseAddress = address).AddBearerToken("voice");
        services.AddTransient<EchoRequestBuilder>(provider =>
        {
            var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("speech");
            var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http);
            return new EchoRequestBuilder(adapter); // your generated client
        });
        // end of recipe
        await using var provider = services.BuildServiceProvider();
        var echo = provider.GetRequiredService<EchoRequestBuilder>();

        var first = await echo.PostAsync("first", TestContext.Current.CancellationToken);
        service.Revoke();
        var second = await echo.PostAsync("second", TestContext.Current.CancellationToken);

        Assert.Equal(("first", "second"), (first, second));
        service.AssertHealed();
    }
}
