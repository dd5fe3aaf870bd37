using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>The responses that no client should survive by luck.</summary>
internal static class BrokenResponse
{
    private static readonly TimeSpan s_sending = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] s_filler = CreateFiller();

    /// <summary>Lets the emulator answer and takes the body away.</summary>
    public static async Task<byte[]> TakeAsync(HttpContext context, RequestDelegate answer)
    {
        var connection = context.Response.Body;
        using var taken = new MemoryStream();
        context.Response.Body = taken;
        await answer(context).ConfigureAwait(false);
        context.Response.Body = connection;
        return taken.ToArray();
    }

    public static async Task HalfAsync(HttpContext context, RequestDelegate answer)
    {
        var body = await TakeAsync(context, answer).ConfigureAwait(false);
        await context
            .Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted)
            .ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        // A flush ends in the server's pipe; an abort at once would overtake it.
        await Task.Delay(s_sending, TimeProvider.System, context.RequestAborted).ConfigureAwait(false);
        context.Abort();
    }

    public static async Task DripAsync(
        HttpContext context,
        RequestDelegate answer,
        TimeSpan interval,
        TimeProvider clock
    )
    {
        var body = await TakeAsync(context, answer).ConfigureAwait(false);
        for (var i = 0; i < body.Length; i++)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(i, 1), context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await Task.Delay(interval, clock, context.RequestAborted).ConfigureAwait(false);
        }
    }

    public static async Task FillAsync(HttpContext context, long? length)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = length;
        for (var left = length ?? long.MaxValue; left > 0; left -= s_filler.Length)
        {
            var piece = s_filler.AsMemory(0, (int)Math.Min(left, s_filler.Length));
            await context.Response.Body.WriteAsync(piece, context.RequestAborted).ConfigureAwait(false);
        }
    }

    public static async Task GzipAsync(HttpContext context, long unpackedLength)
    {
        using var packed = new MemoryStream();
        var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            for (var left = unpackedLength; left > 0; left -= s_filler.Length)
                await gzip.WriteAsync(s_filler.AsMemory(0, (int)Math.Min(left, s_filler.Length))).ConfigureAwait(false);
        }

        context.Response.Headers.ContentEncoding = "gzip";
        await EmulatedResponse
            .BytesAsync(context, StatusCodes.Status200OK, "application/json", packed.ToArray())
            .ConfigureAwait(false);
    }

    // White space, so that a JSON reader has no reason to give up.
    private static byte[] CreateFiller()
    {
        var filler = new byte[64 * 1024];
        filler.AsSpan().Fill((byte)' ');
        return filler;
    }
}
