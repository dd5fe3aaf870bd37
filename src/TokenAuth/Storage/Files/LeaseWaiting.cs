namespace TokenAuth;

/// <summary>Waits for the lease of one record and takes it.</summary>
internal sealed class LeaseWaiting(string key, FileStoreParts store)
{
    private RecordFiles? _files; // from the first attempt on: the directory may have to be found first

    public async Task<FileTokenLease> AcquireAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var lease = await store
                .Work.RunAsync(TryAcquire, cancellationToken, whenAbandoned: late => late?.Release())
                .ConfigureAwait(false);
            if (lease is not null)
                return lease;

            await Pause.GrowingAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    private FileTokenLease? TryAcquire()
    {
        store.Directory.Prepare();
        var files = _files ??= store.Directory.For(key);
        var now = store.Time.GetUtcNow();
#pragma warning disable CA2000 // the lease disposes it
        if ((TryTake(files, now) ?? TryTakeOver(files, now)) is not { } held)
            return null;
#pragma warning restore CA2000

        try
        {
            var reading = new RecordReading(key, files, store);
            var (content, record) = reading.Read();

            return new FileTokenLease(new RecordReplacement(key, files, reading, store), held, content, record);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static HeldLease? TryTake(RecordFiles files, DateTimeOffset now)
    {
        using var gate = files.TryEnter(now);

        return gate is null ? null : files.TryTakeLease(now);
    }

    private static HeldLease? TryTakeOver(RecordFiles files, DateTimeOffset now)
    {
        if (!files.IsLeaseOver(now))
            return null;

        using var draft = FileDraft.Create(files);
        using var gate = files.TryEnter(now);
        if (gate is null)
            return null;

        // Its holder may have come back to life and given it back, or another process may have been first.
        return files.TryTakeLease(now) ?? (files.IsLeaseOver(now) ? files.TryTakeLeaseOver(draft, now) : null);
    }
}
