using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace TokenAuth.ClientTests.Refit;

public sealed class RefitTests
{
    [Fact]
    public async Task A_call_with_a_body_that_met_a_revoked_token_is_healed()
    {
        await using var service = await RevocableService.StartAsync();
        var services = service.CreateClientServices();
        var address = service.Address;
        // recipe: refit
        services
            .AddRefitGeneratedClient<ISpeechApi>() // leave Authorization out of the interface
            .ConfigureHttpClient(http => http.BaseAddress = address)
            .AddBearerToken("voice");
        // end of recipe
        await using var provider = services.BuildServiceProvider();
        var speech = provider.GetRequiredService<ISpeechApi>();

        var first = await speech.EchoAsync(new("first"), TestContext.Current.CancellationToken);
        service.Revoke();
        var second = await speech.EchoAsync(new("second"), TestContext.Current.CancellationToken);

        Assert.Equal((new Phrase("first"), new Phrase("second")), (first, second));
        service.AssertHealed();
    }
}
