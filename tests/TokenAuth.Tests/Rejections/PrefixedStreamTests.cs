using System.Runtime.ExceptionServices;
using System.Text;

namespace TokenAuth.Tests.Rejections;

public sealed class PrefixedStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("array")]
    [InlineData("array, later")]
    [InlineData("memory")]
    [InlineData("memory, later")]
    public async Task The_prefix_comes_first_and_then_the_rest(string way)
    {
        using var stream = Stream(rest: "rest");

        var read = new List<string>();
        for (var piece = await ReadAsync(stream, way, 4); piece.Length > 0; piece = await ReadAsync(stream, way, 4))
            read.Add(piece);

        Assert.Equal(["pref", "ix", "rest"], read);
    }

    [Theory]
    [InlineData("array")]
    [InlineData("array, later")]
    [InlineData("memory")]
    [InlineData("memory, later")]
    public async Task A_failure_comes_behind_the_prefix_each_time(string way)
    {
        using var stream = Stream(rest: "", new IOException("reset"));

        Assert.Equal("", await ReadAsync(stream, way, 0));
        Assert.Equal("prefix", await ReadAsync(stream, way, 9));
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(stream, way, 9));
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(stream, way, 9));
    }

    // A read of no bytes waits until there are some: they are there.
    [Fact]
    public async Task A_read_of_no_bytes_does_not_wait_for_what_is_behind_the_prefix()
    {
        var stall = new TaskCompletionSource<int>();
        using var stream = Stream(new ScriptedStream([], _ => stall.Task));

        Assert.Equal(0, await stream.ReadAsync(new byte[1], 0, 0, Cancellation).WaitAsync(TimeSpan.Zero, Cancellation));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, Cancellation));
        Assert.Equal("prefix", await ReadAsync(stream, "memory, later", 9));

        Assert.False(stream.ReadAsync(Memory<byte>.Empty, Cancellation).IsCompleted);
    }

    [Fact]
    public void It_can_be_read_forwards_and_no_more()
    {
        using var stream = Stream(rest: "rest");

        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
        stream.Flush();
    }

    private static PrefixedStream Stream(string rest, Exception? failure = null) =>
        Stream(new ScriptedStream(rest), failure);

    private static PrefixedStream Stream(Stream rest, Exception? failure = null) =>
        new(
            Encoding.UTF8.GetBytes("prefix, and what the buffer had"),
            6,
            rest,
            new StreamContent(rest),
            failure is null ? null : ExceptionDispatchInfo.Capture(failure)
        );

    private static async Task<string> ReadAsync(PrefixedStream stream, string way, int count)
    {
        var buffer = new byte[count + 2];
        var read = way switch
        {
            "array" => stream.Read(buffer, 1, count),
#pragma warning disable CA1835 // the other overload is a row of its own
            "array, later" => await stream.ReadAsync(buffer, 1, count, Cancellation),
#pragma warning restore CA1835
            "memory" => stream.Read(buffer.AsSpan(1, count)),
            "memory, later" => await stream.ReadAsync(buffer.AsMemory(1, count), Cancellation),
            _ => throw new ArgumentException(way, nameof(way)),
        };

        return Encoding.UTF8.GetString(buffer, 1, read);
    }
}
