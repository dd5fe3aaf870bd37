using System.Net;

namespace TokenAuth.Tests.Handlers;

/// <summary>A content that fails as soon as it is asked for its length, which happens once the credential is on the request.</summary>
[Trait("Failure", "51")]
public sealed class UnreadableContentTests
{
    private const string Service = "http://localhost/asr";

    public static TheoryData<string, string> KindsAndContents { get; } =
        new MatrixTheoryData<string, string>(
            ["Bearer", "Key", "Query"],
            ["disposed form", "form with a part without a length", "stream without a length"]
        );

    [Theory]
    [MemberData(nameof(KindsAndContents))]
    public async Task It_leaves_no_credential_on_the_request(string kind, string what)
    {
        using var client = Client(kind);
        using var content = Content(what);
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request, TestContext.Current.CancellationToken));

        AssertIsUntouched(request, content);
    }

#if !NETSTANDARD_ASSEMBLY
    [Theory]
    [MemberData(nameof(KindsAndContents))]
    public void It_leaves_none_on_a_synchronous_request(string kind, string what)
    {
        using var client = Client(kind);
        using var content = Content(what);
        using var request = new HttpRequestMessage(HttpMethod.Post, Service) { Content = content };

        Assert.ThrowsAny<Exception>(() => client.Send(request, TestContext.Current.CancellationToken));

        AssertIsUntouched(request, content);
    }
#endif

    private static HttpMessageInvoker Client(string kind) =>
        new(AnyHandler.Of(kind, new FakeTokenProvider("secret-1"), new StubPrimaryHandler(200)));

    private static HttpContent Content(string what)
    {
        if (what == "stream without a length")
            return new StreamContent(new Unmeasured());

        var form = new MultipartFormDataContent { { new StringContent("a"), "a" } };
        if (what == "disposed form")
            form.Dispose();
        else
            form.Add(new UnmeasuredContent(), "b");

        return form;
    }

    private static void AssertIsUntouched(HttpRequestMessage request, HttpContent content)
    {
        Assert.DoesNotContain("secret-1", request.ToString(), StringComparison.Ordinal);
        Assert.Equal(Service, request.RequestUri!.OriginalString);
        Assert.Empty(request.Headers);
        Assert.Same(content, request.Content);
    }

    private sealed class Unmeasured : MemoryStream
    {
        public override long Length => throw new NotSupportedException();
    }

    private sealed class UnmeasuredContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length) => throw new NotSupportedException();
    }
}
