using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Keeps grants in files of one directory, sealed, for this user alone. Processes of one host that use the same directory
/// renew a grant once between them.
/// </summary>
public sealed class FileTokenStore : ITokenStore
{
    private readonly StoreDirectory _directory;
    private readonly DiskWork _work;
    private readonly TokenRecordSealer _sealer;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Checks the options; the directory is made and checked at the first use.</summary>
    /// <exception cref="ArgumentException">
    /// No <see cref="TokenStoreOptions.EncryptionKey"/> and no <see cref="TokenStoreOptions.AllowUnencrypted"/>, a key that is not
    /// 32 bytes in base64, or no directory.
    /// </exception>
    public FileTokenStore(
        FileTokenStoreOptions options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        var result = new FileTokenStoreOptionsValidator().Validate(null, options);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage, nameof(options));

        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<FileTokenStore>();
        _directory = new StoreDirectory(options.Directory ?? StoreDirectory.DefaultPath!, _logger);
        _sealer = new TokenRecordSealer(options);
        _work = new DiskWork(_directory.FullPath);
    }

    /// <inheritdoc/>
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);

        return await _work.RunAsync(() => Read(key), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);

        while (true)
        {
            if (
                await _work
                    .RunAsync(() => TryAcquire(key), cancellationToken, whenAbandoned: lease => lease?.Release())
                    .ConfigureAwait(false) is
                { } lease
            )
                return lease;

            await PauseAsync(10, 50, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var lease = (FileTokenLease)await AcquireLeaseAsync(key, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
            await lease.RemoveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces the record if its bytes are still the expected ones, and returns the new bytes.</summary>
    /// <param name="record">Null forgets the record.</param>
    internal async Task<byte[]> ReplaceAsync(
        string key,
        HeldLease lease,
        byte[]? expected,
        TokenRecord? record,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            if (
                await _work
                    .RunAsync(() => TryReplace(key, lease, expected, record), cancellationToken)
                    .ConfigureAwait(false) is
                { } now
            )
                return now;

            await PauseAsync(1, 10, cancellationToken).ConfigureAwait(false);
        }
    }

    private TokenRecord? Read(string key)
    {
        _directory.Prepare();
        var files = _directory.For(key);
        try
        {
            return files.Read() is { } content && !RemovedRecord.Is(content) ? _sealer.Open(key, content) : null;
        }
        catch (InvalidDataException)
        {
            using var gate = files.TryEnter(); // if not free, whoever is inside comes upon the damage too

            return gate is null ? null : ReadOrSetAside(key, files).Record;
        }
    }

    private FileTokenLease? TryAcquire(string key)
    {
        _directory.Prepare();
        var files = _directory.For(key);
        using var gate = files.TryEnter();
        if (gate is null)
            return null;

#pragma warning disable CA2000 // the lease disposes it
        var held = files.TryTakeLease(_timeProvider.GetUtcNow(), FileTokenLease.Duration);
#pragma warning restore CA2000
        if (held is null)
            return null;

        try
        {
            files.RemoveTemporary();
            var (content, record) = ReadOrSetAside(key, files);

            return new FileTokenLease(this, key, held, content, record);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private byte[]? TryReplace(string key, HeldLease lease, byte[]? expected, TokenRecord? record)
    {
        _directory.Prepare();
        var files = _directory.For(key);
        using var gate = files.TryEnter();
        if (gate is null)
            return null;

        // The lease may have ended since: then what another holder wrote is newer.
        var (current, _) = ReadOrSetAside(key, files);
        if (current is not null && !current.AsSpan().SequenceEqual(expected))
            throw new TokenStoreException(
                RemovedRecord.Is(current)
                    ? $"The record {key} was not written: it was removed after it had been leased, and stays removed."
                    : $"The record {key} was written by another process after this one's lease had ended; the newer record stays."
            );
        if (files.IsLeaseOfAnother(lease))
            throw new TokenStoreException(
                $"The record {key} was not written: this process's lease has ended, and another process holds the lease now."
            );

        var content = record is null ? RemovedRecord.Create() : _sealer.Seal(key, record);
        files.Write(content);
        if (record is null)
            files.RemoveDamaged();

        return content;
    }

    private (byte[]? Content, TokenRecord? Record) ReadOrSetAside(string key, RecordFiles files)
    {
        var content = files.Read();
        try
        {
            return (content, content is null || RemovedRecord.Is(content) ? null : _sealer.Open(key, content));
        }
        catch (InvalidDataException e)
        {
            files.SetAside();
            _logger.SetAside(key, files.Damaged, e.Message);

            return (null, null);
        }
    }

    // Jittered, so that the processes that wait for one lease do not all ask at the same moment. In real time on any clock: what is
    // waited for is another process.
    private static Task PauseAsync(int fromMilliseconds, int toMilliseconds, CancellationToken cancellationToken) =>
        Task.Delay(
            TimeSpan.FromMilliseconds(Random.Shared.Next(fromMilliseconds, toMilliseconds)),
            TimeProvider.System,
            cancellationToken
        );
}
