using System.Text;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Rejections;

namespace TokenAuth.Tests.Wire;

public sealed class ResponseBodyTests
{
    private const string Text = "{\"access_token\":\"vé€\"}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Failure", "4")]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(64 * 1024 - 1, true)]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024 + 1, false)]
    [InlineData(10 * 1024 * 1024, false)]
    public async Task A_body_is_read_up_to_64_KiB(int length, bool isRead)
    {
        using var content = new ByteArrayContent(new byte[length]);

        var body = await ResponseBody.ReadAsync(content, Cancel);

        Assert.Equal(isRead, body is not null);
        Assert.Equal(isRead ? length : 0, body?.Length ?? 0);
    }

    [Fact]
    [Trait("Failure", "4")]
    public async Task An_endless_body_is_not_read_past_the_bound()
    {
        var stream = new ScriptedStream(Enumerable.Repeat(new byte[1000], 1000));

        var body = await ResponseBody.ReadAsync(new StreamContent(stream), Cancel);

        Assert.Null(body);
        Assert.InRange(stream.BytesRead, 64 * 1024, 64 * 1024 + 1);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task No_content_is_an_empty_body() => Assert.Empty((await ResponseBody.ReadAsync(null, Cancel))!);

    [Theory]
    [Trait("Failure", "7")]
    [InlineData("utf-8", false, null)]
    [InlineData("utf-8", false, "utf-8")]
    [InlineData("utf-8", false, "\"UTF-8\"")]
    [InlineData("utf-8", false, "utf8")]
    [InlineData("utf-8", false, "")]
    [InlineData("utf-8", false, "\"\"")]
    [InlineData("utf-8", false, "us-ascii")] // a part of it
    [InlineData("utf-8", true, null)]
    [InlineData("utf-8", true, "windows-1251")] // the mark goes before what the header says
    [InlineData("utf-8", false, "windows-1251")] // so do the bytes: JSON is UTF-8
    [InlineData("utf-8", false, "utf-16")]
    [InlineData("utf-8", false, "utf-16be")]
    [InlineData("utf-8", false, "no such charset")]
    [InlineData("utf-16", false, "utf-16")]
    [InlineData("utf-16", false, "UTF-16LE")]
    [InlineData("utf-16", true, null)]
    [InlineData("utf-16", true, "utf-8")]
    [InlineData("utf-16BE", false, "utf-16be")]
    [InlineData("utf-16BE", true, null)]
    public void A_body_is_decoded_by_its_mark_or_its_charset(string encoding, bool isMarked, string? charset)
    {
        var encoder = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. isMarked ? encoder.GetPreamble() : [], .. encoder.GetBytes(Text)];

        Assert.Equal(Text, ResponseBody.Decode(new ArraySegment<byte>(bytes), charset));
    }

    [Fact]
    [Trait("Failure", "7")]
    public void Latin_1_is_decoded() =>
        Assert.Equal("é", ResponseBody.Decode(new ArraySegment<byte>([0xE9]), "ISO-8859-1"));

    [Theory]
    [Trait("Failure", "7")]
    [InlineData("utf-8", new byte[] { 0x7B, 0xE9, 0x7D })] // Latin-1 under the name of UTF-8
    [InlineData(null, new byte[] { 0xC0, 0x80 })] // overlong
    [InlineData("utf-16", new byte[] { 0x7B, 0x00, 0x7D })] // half a character
    [InlineData("utf-16", new byte[] { 0x00, 0xD8 })] // half a surrogate pair
    [InlineData("utf-16be", new byte[] { 0xD8, 0x00 })]
    [InlineData(null, new byte[] { 0xFF, 0xFE, 0x00, 0xD8 })] // the same behind a mark
    [InlineData(null, new byte[] { 0xFE, 0xFF, 0xD8, 0x00 })]
    [InlineData("windows-1251", new byte[] { 0x7B, 0xE9, 0x7D })]
    [InlineData("no such charset", new byte[] { 0x7B, 0xE9, 0x7D })]
    public void Bytes_that_do_not_fit_are_no_text(string? charset, byte[] bytes) =>
        Assert.Null(ResponseBody.Decode(new ArraySegment<byte>(bytes), charset));
}
