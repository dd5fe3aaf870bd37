using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Reads what a client uploads.</summary>
internal static class RequestBody
{
    /// <summary>The first bytes up to a limit; the rest is read and dropped, so that the client gets to read the answer.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext context, int limit)
    {
        using var kept = new MemoryStream();
        await foreach (var piece in PiecesAsync(context).ConfigureAwait(false))
            kept.Write(piece.Span[..(int)Math.Min(piece.Length, limit - kept.Length)]);
        return kept.ToArray();
    }

    /// <summary>Reads to the end and tells how many bytes there were.</summary>
    public static async Task<long> CountAsync(HttpContext context)
    {
        var length = 0L;
        await foreach (var piece in PiecesAsync(context).ConfigureAwait(false))
            length += piece.Length;
        return length;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(HttpContext context)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while (
                (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0
            )
                yield return buffer.AsMemory(0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
