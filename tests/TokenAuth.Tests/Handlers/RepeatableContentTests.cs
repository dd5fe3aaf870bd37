using System.Net.Http.Json;
using System.Text;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "24")]
public sealed class RepeatableContentTests
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("body");

    public static TheoryData<string, bool> Contents { get; } =
        new()
        {
            { "none", true },
            { "bytes", true },
            { "string", true },
            { "form", true },
            { "memory", true },
            { "JSON", false }, // it serializes anew
            { "seekable stream", true },
            { "seekable stream with a length set", true },
            { "seekable stream, sent", true },
            { "stream", false },
            { "stream with a length set", false },
            { "closed stream", false },
            { "disposed", false },
            { "derived", false },
            { "own", false },
            { "multipart of strings and seekable streams", true },
            { "multipart with a stream", false },
            { "form data of strings and seekable streams", true },
            { "form data with an own content", false },
            { "multipart in a multipart", true },
            { "stream in a multipart in a multipart", false },
            { "derived multipart", false },
            { "multipart with a derived part", false },
            { "derived part in a multipart in form data", false },
        };

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Known_contents_can_be_sent_again(string what, bool expected)
    {
        var content = await ContentAsync(what);

        Assert.Equal(expected, RepeatableContent.CanBeSentAgain(content));
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task What_can_be_sent_again_sends_the_same_bytes(string what, bool expected)
    {
        if (!expected || what == "none")
            return;
        var content = (await ContentAsync(what))!;
        var first = new MemoryStream();
        var second = new MemoryStream();

        await content.CopyToAsync(first, TestContext.Current.CancellationToken);
        Assert.True(RepeatableContent.CanBeSentAgain(content));
        await content.CopyToAsync(second, TestContext.Current.CancellationToken);

        Assert.NotEqual(0, first.Length);
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Theory]
    [InlineData("bytes", false)]
    [InlineData("string", false)]
    [InlineData("form", false)]
    [InlineData("memory", false)]
    [InlineData("seekable stream", false)]
    [InlineData("seekable stream with a length set", false)]
    [InlineData("seekable stream, sent", false)]
    [InlineData("multipart of strings and seekable streams", false)]
    [InlineData("form data of strings and seekable streams", false)]
    [InlineData("multipart in a multipart", false)]
    [InlineData("JSON", true)]
    [InlineData("stream", true)]
    [InlineData("stream with a length set", true)]
    [InlineData("derived", true)]
    [InlineData("own", true)]
    [InlineData("multipart with a stream", true)]
    [InlineData("stream in a multipart in a multipart", true)]
    [InlineData("derived multipart", true)]
    [InlineData("multipart with a derived part", true)]
    [InlineData("derived part in a multipart in form data", true)]
    public async Task A_record_is_kept_of_what_is_not_bytes_already(string what, bool needed)
    {
        Assert.Equal(needed, RepeatableContent.NeedsRecord((await ContentAsync(what))!));
    }

    private static async Task<HttpContent?> ContentAsync(string what)
    {
        switch (what)
        {
            case "none":
                return null;
            case "bytes":
                return new ByteArrayContent(Bytes);
            case "string":
                return new StringContent("body");
            case "form":
                return new FormUrlEncodedContent([new("a", "b")]);
            case "memory":
                return new ReadOnlyMemoryContent(Bytes);
            case "JSON":
                return JsonContent.Create(Bytes);
            case "seekable stream":
                return new StreamContent(new MemoryStream(Bytes));
            case "seekable stream with a length set":
                return WithLength(new StreamContent(new MemoryStream(Bytes)));
            case "seekable stream, sent":
                var sent = new StreamContent(new MemoryStream(Bytes));
                await sent.CopyToAsync(Stream.Null);
                return sent;
            case "stream":
                return new StreamContent(new ScriptedStream("body"));
            case "stream with a length set":
                return WithLength(new StreamContent(new ScriptedStream("body")));
            case "closed stream":
                var stream = new MemoryStream(Bytes);
                var closed = new StreamContent(stream);
                stream.Close();
                return closed;
            case "disposed":
                var disposed = new StreamContent(new MemoryStream(Bytes));
                disposed.Dispose();
                return disposed;
            case "derived":
                return new DerivedContent();
            case "own":
                return new OwnContent();
            case "multipart of strings and seekable streams":
                return new MultipartContent { new StringContent("a"), new StreamContent(new MemoryStream(Bytes)) };
            case "multipart with a stream":
                return new MultipartContent { new StringContent("a"), new StreamContent(new ScriptedStream("body")) };
            case "form data of strings and seekable streams":
                return new MultipartFormDataContent
                {
                    { new StringContent("a"), "a" },
                    { new StreamContent(new MemoryStream(Bytes)), "b", "b.png" },
                };
            case "form data with an own content":
                return new MultipartFormDataContent { { new OwnContent(), "a" } };
            case "multipart in a multipart":
                return new MultipartContent { new MultipartContent { new StringContent("a") } };
            case "stream in a multipart in a multipart":
                return new MultipartContent { new MultipartContent { new StreamContent(new ScriptedStream("body")) } };
            case "derived multipart":
                return new DerivedMultipart { new StringContent("a") };
            case "multipart with a derived part":
                return new MultipartContent { new StringContent("a"), new DerivedContent() };
            case "derived part in a multipart in form data":
                return new MultipartFormDataContent
                {
                    {
                        new MultipartContent { new DerivedContent() },
                        "a"
                    },
                };
            default:
                throw new ArgumentException(what, nameof(what));
        }
    }

    private static StreamContent WithLength(StreamContent content)
    {
        content.Headers.ContentLength = Bytes.Length;
        return content;
    }

    private sealed class DerivedContent() : StringContent("body");

    private sealed class DerivedMultipart : MultipartContent;

    private sealed class OwnContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
