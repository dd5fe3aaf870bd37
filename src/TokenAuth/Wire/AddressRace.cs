#if NET
using System.Net;
using System.Net.Sockets;

namespace TokenAuth;

/// <summary>
/// Connects to whichever address of a name answers first, as RFC 8305 describes. The platform tries one address after the other, and where
/// packets to the first one vanish, the attempt would be over before the second one is tried.
/// </summary>
/// <param name="resolve">Finds the addresses of a host, the preferred one first.</param>
internal sealed class AddressRace(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public static readonly AddressRace BySystem = new(Dns.GetHostAddressesAsync);

    private static readonly TimeSpan _headStart = TimeSpan.FromMilliseconds(250); // RFC 8305 section 5

    /// <summary>A <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var target = context.DnsEndPoint;
        var addresses = await resolve(target.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);

        if (addresses.Length == 1)
            return await ConnectAsync(new IPEndPoint(addresses[0], target.Port), cancellationToken)
                .ConfigureAwait(false);

        return await RaceAsync(Alternating(addresses), target.Port, cancellationToken).ConfigureAwait(false);
    }

    // The families take turns: where one does not work at all, its other addresses do not either.
    private static Queue<IPAddress> Alternating(IPAddress[] addresses)
    {
        var preferred = addresses[0].AddressFamily;
        var first = new Queue<IPAddress>();
        var second = new Queue<IPAddress>();
        foreach (var address in addresses)
            (address.AddressFamily == preferred ? first : second).Enqueue(address);

        var all = new Queue<IPAddress>();
        while (first.Count + second.Count > 0)
        {
            if (first.Count > 0)
                all.Enqueue(first.Dequeue());
            if (second.Count > 0)
                all.Enqueue(second.Dequeue());
        }

        return all;
    }

    private static async Task<Stream> RaceAsync(Queue<IPAddress> left, int port, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Stream>>();
        var lost = new List<Task<Stream>>();

        try
        {
            while (left.Count > 0 || running.Count > 0)
            {
                if (left.Count > 0)
                    running.Add(ConnectAsync(new IPEndPoint(left.Dequeue(), port), end.Token));
                if (
                    await FirstAsync(running, isLast: left.Count == 0, end.Token).ConfigureAwait(false) is not { } first
                )
                    continue;

                running.Remove(first);
                if (first.IsCompletedSuccessfully)
                    return await first.ConfigureAwait(false);

                lost.Add(first);
            }

            return await lost[0].ConfigureAwait(false); // the preferred address says best what is wrong
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
#pragma warning disable CA2025 // what still runs has the token only, which outlives its source
            foreach (var late in running)
                _ = DropAsync(late);
#pragma warning restore CA2025
        }
    }

    /// <summary>The first attempt that ended; null when the next address may start beside them.</summary>
    private static async Task<Task<Stream>?> FirstAsync(
        List<Task<Stream>> running,
        bool isLast,
        CancellationToken cancellationToken
    )
    {
        var first = Task.WhenAny(running);
        if (!isLast)
        {
            // Real time, whatever clock the provider has: packets do not travel by a manual one.
            var headStart = Task.Delay(_headStart, TimeProvider.System, cancellationToken);
            await Task.WhenAny(first, headStart).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (!first.IsCompleted)
                return null;
        }

        return await first.ConfigureAwait(false);
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint point, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // the stream owns it
        var socket = new Socket(point.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore CA2000
        try
        {
            await socket.ConnectAsync(point, cancellationToken).ConfigureAwait(false);

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task DropAsync(Task<Stream> late)
    {
        try
        {
            await (await late.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // It lost, and nobody asks why.
        }
    }
}
#endif
