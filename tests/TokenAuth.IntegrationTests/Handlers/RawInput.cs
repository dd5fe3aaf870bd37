using System.Globalization;
using System.Text;

namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>Cuts what a connection sends into requests.</summary>
internal sealed class RawInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Null at the end of the connection.</summary>
    public async Task<RawRequest?> ReadAsync(CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        while (await LineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
                head.Append(head.Length > 0 ? "\r\n" : "").Append(line);
            else
                return await BodyAsync(new RawRequest(head.ToString(), []), cancellationToken);
        }

        return null;
    }

    private async Task<RawRequest> BodyAsync(RawRequest request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        if (request.Values("Content-Length").SingleOrDefault() is { } length)
            await TakeAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        else if (request.Values("Transfer-Encoding").Any())
            await ChunksAsync(body, cancellationToken);

        return request with
        {
            Body = body.ToArray(),
        };
    }

    private async Task ChunksAsync(MemoryStream body, CancellationToken cancellationToken)
    {
        int size;
        do
        {
            var line = await LineAsync(cancellationToken) ?? throw new IOException("no chunk");
            size = int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await TakeAsync(body, size, cancellationToken);
            await LineAsync(cancellationToken);
        } while (size > 0);
    }

    private async Task TakeAsync(MemoryStream body, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
                throw new IOException("no body");

            var taken = Math.Min(count, _end - _start);
            body.Write(_buffer, _start, taken);
            _start += taken;
            count -= taken;
        }
    }

    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
                return null;

            var end = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            var count = (end < 0 ? _end : end) - _start;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, count));
            _start += count;
            if (end < 0)
                continue;

            _start++;
            return line.ToString().TrimEnd('\r');
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellationToken);
        return _end > 0;
    }
}
