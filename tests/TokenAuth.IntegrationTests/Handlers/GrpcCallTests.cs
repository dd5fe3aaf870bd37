using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>What a gRPC client sends and gets: HTTP/2, a body that is written once, a status in the head.</summary>
[Trait("Failure", "59")]
public sealed class GrpcCallTests
{
    private static readonly byte[] Message = [0, 0, 0, 0, 3, 1, 2, 3]; // length-prefixed

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unary_call_that_was_refused_by_its_status_is_made_again_with_the_same_message()
    {
        var bodies = new List<byte[]>();
        await using var server = await StartAsync(bodies);
        using var client = Client();

        using var response = await client.SendAsync(Call(server, new WrittenOnce(Message)), Cancellation);
        _ = await response.Content.ReadAsByteArrayAsync(Cancellation);

        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.Equal([Message, Message], bodies);
    }

    [Fact]
    public async Task A_call_whose_stream_is_open_gets_the_refusal_and_the_next_call_a_new_token()
    {
        await using var server = await StartAsync([]);
        using var client = Client();
        var open = new TaskCompletionSource();

        using var refused = await client.SendAsync(
            Call(server, new WrittenOnce(Message) { End = open.Task }),
            Cancellation
        );
        open.SetResult();
        using var next = await client.SendAsync(Call(server, new WrittenOnce(Message)), Cancellation);
        _ = await next.Content.ReadAsByteArrayAsync(Cancellation);

        Assert.Equal("16", refused.Headers.GetValues("grpc-status").Single());
        Assert.Equal("0", next.TrailingHeaders.GetValues("grpc-status").Single());
    }

    private static HttpMessageInvoker Client() =>
        new(
            new BearerTokenHandler(new FakeTokenProvider("token-1", "token-2"))
            {
                InnerHandler = new SocketsHttpHandler(),
            }
        );

    private static HttpRequestMessage Call(WebApplication server, HttpContent content)
    {
        var address = server
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, address + "/asr.Recognizer/Recognize")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
            Headers = { TE = { new("trailers") } },
        };
    }

    private static async Task<WebApplication> StartAsync(List<byte[]> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2)
        );
        var app = builder.Build();
        app.Run(context => ServeAsync(context, bodies));
        await app.StartAsync(Cancellation);
        return app;
    }

    private static async Task ServeAsync(HttpContext context, List<byte[]> bodies)
    {
        context.Response.ContentType = "application/grpc";
        var message = new byte[Message.Length];
        await context.Request.Body.ReadExactlyAsync(message, context.RequestAborted);
        bodies.Add(message);
        if (context.Request.Headers.Authorization == "Bearer token-1")
        {
            context.Response.Headers["grpc-status"] = "16"; // without a body: trailers only
            return;
        }

        await context.Response.Body.WriteAsync(Message, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private sealed class WrittenOnce(byte[] message) : HttpContent
    {
        private bool _isWritten;

        public Task End { get; init; } = Task.CompletedTask;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (_isWritten)
                throw new InvalidOperationException("It was written already.");

            _isWritten = true;
            await stream.WriteAsync(message, Cancellation);
            await stream.FlushAsync(Cancellation);
            await End;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
