using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.ClientTests.Grpc;

public sealed class GrpcTests
{
    private static readonly Audio s_audio = new() { Samples = ByteString.CopyFrom(1, 2, 3) };

    private static readonly Audio s_pause = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Calls() =>
        new MatrixTheoryData<string, bool>(["unary", "client streaming", "server streaming", "duplex"], [true, false]);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Every_kind_of_call_that_met_a_revoked_token_is_healed(string kind, bool isRefusedByHttp)
    {
        await using var service = await StartAsync(isRefusedByHttp);
        var services = service.CreateClientServices();
        var address = service.Http2Address;
        // recipe: grpc
        services
            .AddGrpcClient<Recognizer.RecognizerClient>(grpc => grpc.Address = address)
            .AddBearerToken("voice")
            .ConfigureChannel(channel =>
                channel.ServiceConfig = new()
                {
                    MethodConfigs =
                    {
                        new()
                        {
                            Names = { MethodName.Default },
                            RetryPolicy = new()
                            {
                                MaxAttempts = 3,
                                InitialBackoff = TimeSpan.FromMilliseconds(50),
                                MaxBackoff = TimeSpan.FromSeconds(1),
                                BackoffMultiplier = 2,
                                RetryableStatusCodes = { StatusCode.Unauthenticated, StatusCode.Unavailable },
                            },
                        },
                    },
                }
            );
        // end of recipe
        await using var provider = services.BuildServiceProvider();
        var recognizer = provider.GetRequiredService<Recognizer.RecognizerClient>();

        var first = await CallAsync(recognizer, kind);
        service.Revoke();
        var second = await CallAsync(recognizer, kind);

        Assert.Equal((Phrases(kind), Phrases(kind)), (first, second));
        service.AssertHealed();
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("server streaming")]
    public async Task A_call_with_one_message_needs_no_retry_policy(string kind)
    {
        await using var service = await StartAsync(isRefusedByHttp: false);
        service.Refuse = async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted); // an interceptor has the message
            await RefuseByStatus(context);
        };
        await using var provider = CreateClient(service);
        var recognizer = provider.GetRequiredService<Recognizer.RecognizerClient>();

        var first = await CallAsync(recognizer, kind);
        service.Revoke();
        var second = await CallAsync(recognizer, kind);

        Assert.Equal((Phrases(kind), Phrases(kind)), (first, second));
        service.AssertHealed();
    }

    [Theory]
    [InlineData("client streaming")]
    [InlineData("duplex")]
    public async Task An_open_stream_without_a_retry_policy_fails_once_and_the_next_call_has_a_new_token(string kind)
    {
        await using var service = await StartAsync(isRefusedByHttp: false);
        await using var provider = CreateClient(service);
        var recognizer = provider.GetRequiredService<Recognizer.RecognizerClient>();

        _ = await CallAsync(recognizer, kind);
        service.Revoke();
        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAndStayOpenAsync(recognizer, kind));
        var next = await CallAsync(recognizer, kind);

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Equal(Phrases(kind), next);
        service.AssertHealed();
    }

    [Fact]
    public async Task A_call_under_way_is_not_healed_by_anyone_and_goes_on_where_the_service_lets_it()
    {
        await using var service = await StartAsync(isRefusedByHttp: false);
        await using var provider = CreateClient(service);
        var recognizer = provider.GetRequiredService<Recognizer.RecognizerClient>();

        using var call = recognizer.RecognizeLive(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(s_audio, Cancellation);
        await call.RequestStream.WriteAsync(s_pause, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        service.Revoke();
        await call.RequestStream.WriteAsync(s_audio, Cancellation);
        await call.RequestStream.WriteAsync(s_pause, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(["token-1"], service.Credentials);
    }

    private static ServiceProvider CreateClient(RevocableService service)
    {
        var services = service.CreateClientServices();
        services
            .AddGrpcClient<Recognizer.RecognizerClient>(grpc => grpc.Address = service.Http2Address)
            .AddBearerToken("voice");
        return services.BuildServiceProvider();
    }

    private static async Task<RevocableService> StartAsync(bool isRefusedByHttp)
    {
        var service = await RevocableService.StartAsync(
            services => services.AddGrpc(),
            app => app.MapGrpcService<RecognizerService>()
        );
        if (!isRefusedByHttp)
            service.Refuse = RefuseByStatus;
        return service;
    }

    // Trailers only, as a gRPC interceptor that throws answers.
    private static Task RefuseByStatus(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = "16";
        return Task.CompletedTask;
    }

    private static string Phrases(string kind) =>
        kind is "server streaming" or "duplex" ? "3 bytes, 3 bytes"
        : kind is "unary" ? "3 bytes"
        : "6 bytes";

    private static async Task<string> CallAsync(Recognizer.RecognizerClient recognizer, string kind)
    {
        switch (kind)
        {
            case "unary":
                return (await recognizer.RecognizeAsync(s_audio, cancellationToken: Cancellation)).Text;
            case "server streaming":
                using (var call = recognizer.RecognizePhrases(s_audio, cancellationToken: Cancellation))
                    return await ReadAsync(call.ResponseStream);
            case "client streaming":
                using (var call = recognizer.RecognizeUpload(cancellationToken: Cancellation))
                {
                    await call.RequestStream.WriteAsync(s_audio, Cancellation);
                    await call.RequestStream.WriteAsync(s_audio, Cancellation);
                    await call.RequestStream.CompleteAsync();
                    return (await call).Text;
                }
            default:
                using (var call = recognizer.RecognizeLive(cancellationToken: Cancellation))
                {
                    await call.RequestStream.WriteAsync(s_audio, Cancellation);
                    await call.RequestStream.WriteAsync(s_audio, Cancellation);
                    await call.RequestStream.CompleteAsync();
                    return await ReadAsync(call.ResponseStream);
                }
        }
    }

    private static async Task CallAndStayOpenAsync(Recognizer.RecognizerClient recognizer, string kind)
    {
        if (kind == "duplex")
        {
            using var call = recognizer.RecognizeLive(cancellationToken: Cancellation);
            await WriteAsync(call.RequestStream);
            await call.ResponseStream.MoveNext(Cancellation);
        }
        else
        {
            using var call = recognizer.RecognizeUpload(cancellationToken: Cancellation);
            await WriteAsync(call.RequestStream);
            await call;
        }
    }

    // A refused call's write may fail before its status is known; the response tells the status.
    private static async Task WriteAsync(IClientStreamWriter<Audio> stream)
    {
        try
        {
            await stream.WriteAsync(s_audio, Cancellation);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Cancelled or StatusCode.Unauthenticated) { }
    }

    private static async Task<string> ReadAsync(IAsyncStreamReader<Phrase> phrases)
    {
        var texts = new List<string>();
        await foreach (var phrase in phrases.ReadAllAsync(Cancellation))
            texts.Add(phrase.Text);

        return string.Join(", ", texts);
    }
}
