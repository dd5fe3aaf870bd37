using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Keeps sealed grants in the files of one directory, for this user alone. Processes of one host that use the same directory
/// share each renewal: one of them renews a grant for all.
/// </summary>
public sealed class FileTokenStore : ITokenStore
{
    private readonly FileStoreParts _parts;

    /// <summary>Checks the options. The store makes and checks the directory at the first use.</summary>
    /// <param name="timeProvider">The system's clock when null.</param>
    /// <param name="loggerFactory">Nothing is logged when null.</param>
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

        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<FileTokenStore>();
        var directory = new StoreDirectory(options.Directory ?? StoreDirectory.DefaultPath!, logger);
        _parts = new FileStoreParts(
            directory,
            new TokenRecordSealer(options),
            new DiskWork(directory.FullPath),
            timeProvider ?? TimeProvider.System,
            logger
        );
    }

    /// <inheritdoc/>
    public async ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);

        return await _parts.Work.RunAsync(() => Read(key), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken)
    {
        TokenStoreKey.Validate(key);

        var waiting = new LeaseWaiting(key, _parts);

        return await waiting.AcquireAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        var lease = (FileTokenLease)await AcquireLeaseAsync(key, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
            await lease.RemoveAsync(cancellationToken).ConfigureAwait(false);
    }

    private TokenRecord? Read(string key)
    {
        _parts.Directory.Prepare();

        return new RecordReading(key, _parts.Directory.For(key), _parts).Read().Record;
    }
}
