namespace TokenAuth;

/// <summary>
/// Replaces one record: the new one is written beside it, and inside the gate it is compared and renamed. The bytes that were leased
/// have to be there still.
/// </summary>
internal sealed class RecordReplacement(string key, RecordFiles files, RecordReading reading, FileStoreParts store)
{
    public Task<byte[]> WriteAsync(
        HeldLease lease,
        byte[]? expected,
        TokenRecord record,
        CancellationToken cancellationToken
    ) => ReplaceAsync(lease, expected, store.Sealer.Seal(key, record), cancellationToken);

    public async Task<byte[]> RemoveAsync(HeldLease lease, byte[]? expected, CancellationToken cancellationToken)
    {
        var content = await ReplaceAsync(lease, expected, EmptyRecord.Removed(), cancellationToken)
            .ConfigureAwait(false);
        await store
            .Work.RunAsync(
                () =>
                {
                    files.RemoveDamaged();
                    files.DeleteDrafts(); // a writer that was killed may have left one

                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);

        return content;
    }

    private async Task<byte[]> ReplaceAsync(
        HeldLease lease,
        byte[]? expected,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        while (!await TryReplaceAsync(lease, expected, content, cancellationToken).ConfigureAwait(false))
        {
            // The process that took the gate over has deleted the draft.
        }

        return content;
    }

    private async Task<bool> TryReplaceAsync(
        HeldLease lease,
        byte[]? expected,
        byte[] content,
        CancellationToken cancellationToken
    )
    {
        using var draft = await store
            .Work.RunAsync(
                () =>
                {
                    store.Directory.Prepare();

                    return FileDraft.Write(files, content);
                },
                cancellationToken,
                whenAbandoned: late => late.Dispose()
            )
            .ConfigureAwait(false);

        while (true)
        {
            var moved = await store
                .Work.RunAsync(() => TryMove(lease, expected, draft), cancellationToken)
                .ConfigureAwait(false);
            if (moved is { } isMoved)
                return isMoved;

            await Pause.ShortAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Null while somebody else is inside the gate; false when the draft was deleted.</summary>
    private bool? TryMove(HeldLease lease, byte[]? expected, FileDraft draft)
    {
        var isDamaged = false;
        using (var gate = files.TryEnter(store.Time.GetUtcNow()))
        {
            if (gate is null)
                return null;

            var current = files.Read();
            isDamaged = current is not null && reading.IsDamaged(current);
            if (!isDamaged)
            {
                RefuseLateWrite(lease, expected, current);
                if (!files.TryReplace(draft))
                    return false;
            }
        }

        if (isDamaged)
        {
            reading.Read(); // which sets it aside

            return null;
        }

        files.Flush();

        return true;
    }

    private void RefuseLateWrite(HeldLease lease, byte[]? expected, byte[]? current)
    {
        var isStill = files.IsStill(lease);

        if (current is not null && !EmptyRecord.IsDamaged(current) && !current.AsSpan().SequenceEqual(expected))
            throw new TokenStoreException(
                EmptyRecord.IsRemoved(current)
                    ? $"The record {key} was not written: it was removed after it had been leased, and stays removed."
                : isStill
                    ? $"The record {key} was not written: something without a lease (a restored backup?) has changed it, and its change stays."
                : $"The record {key} was written by another process after this one's lease had ended; the newer record stays."
            );
        if (!isStill && !files.IsLeaseFree())
            throw new TokenStoreException(
                $"The record {key} was not written: this process's lease has ended, and another process holds the lease now."
            );
    }
}
