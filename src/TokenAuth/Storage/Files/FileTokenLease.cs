namespace TokenAuth;

/// <summary>A held lease of <see cref="FileTokenStore"/>: an open, locked file and the bytes that stood in the record.</summary>
internal sealed class FileTokenLease(
    RecordReplacement replacement,
    HeldLease held,
    byte[]? content,
    TokenRecord? record
) : ITokenLease
{
    /// <summary>The time after which another process may take the lease although its holder lives.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    private byte[]? _content = content;

    public TokenRecord? Record { get; private set; } = record;

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        _content = await replacement.WriteAsync(held, _content, record, cancellationToken).ConfigureAwait(false);
        Record = record;
    }

    /// <summary>Forgets the record.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        _content = await replacement.RemoveAsync(held, _content, cancellationToken).ConfigureAwait(false);
        Record = null;
    }

    public ValueTask DisposeAsync()
    {
        Release();

        return default;
    }

    public void Release() => held.Dispose();
}
