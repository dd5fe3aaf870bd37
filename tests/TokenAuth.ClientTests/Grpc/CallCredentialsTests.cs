using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.Grpc;

public sealed class CallCredentialsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_credentials_are_not_told_of_a_refusal_and_the_application_invalidates_the_token()
    {
        await using var service = await RevocableService.StartAsync(
            services => services.AddGrpc(),
            app => app.MapGrpcService<RecognizerService>()
        );
        var services = service.CreateClientServices();
        var client = services.AddGrpcClient<Recognizer.RecognizerClient>(grpc => grpc.Address = service.Http2Address);
        client.ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true); // no TLS here
        // recipe: call-credentials
        client.AddCallCredentials(
            async (context, metadata, provider) =>
            {
                var voice = provider.GetRequiredKeyedService<ITokenProvider>("voice");
                var token = await voice.GetTokenAsync(context.CancellationToken);
                metadata.Add("Authorization", $"Bearer {token.Value}");
            }
        );
        // end of recipe
        await using var provider = services.BuildServiceProvider();
        var recognizer = provider.GetRequiredService<Recognizer.RecognizerClient>();
        var voice = provider.GetRequiredKeyedService<ITokenProvider>("voice");

        await recognizer.RecognizeAsync(new(), cancellationToken: Cancellation);
        service.Revoke();
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await recognizer.RecognizeAsync(new(), cancellationToken: Cancellation)
        );
        voice.Invalidate(await voice.GetTokenAsync(Cancellation));
        var phrase = await recognizer.RecognizeAsync(new(), cancellationToken: Cancellation);

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Equal("0 bytes", phrase.Text);
        service.AssertHealed();
    }
}
