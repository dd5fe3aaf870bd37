namespace TokenAuth;

/// <summary>
/// The files of one record. <c>.record</c> is the sealed record; <c>.gate</c> is locked for the instant in which any of them
/// changes; <c>.lease</c> is locked by the lease's holder, and its time of last change says since when; <c>.damaged</c> is the
/// newest damaged record; <c>.tmp</c> is a record on its way.
/// </summary>
internal sealed class RecordFiles(StoreDirectory directory, string key)
{
    public const string TemporarySuffix = ".tmp";

    private const int MaxRecordLength = 1 << 20;
    private static readonly string[] _suffixes = [".record", ".gate", ".lease", ".damaged", TemporarySuffix];

    private readonly string _record = Path.Combine(directory.FullPath, key + ".record");
    private readonly string _gate = Path.Combine(directory.FullPath, key + ".gate");
    private readonly string _lease = Path.Combine(directory.FullPath, key + ".lease");
    private readonly string _temporary = Path.Combine(directory.FullPath, key + TemporarySuffix);

    public string Damaged { get; } = Path.Combine(directory.FullPath, key + ".damaged");

    public static bool IsOurs(string path) =>
        _suffixes.Contains(Path.GetExtension(path), StringComparer.Ordinal)
        && TokenStoreKey.IsValid(Path.GetFileNameWithoutExtension(path));

    /// <summary>Takes the right to change the files; null while another process is at it, which takes milliseconds.</summary>
    public IDisposable? TryEnter()
    {
        directory.Guard(_gate);

        return FileLock.TryTake(_gate);
    }

    /// <summary>Takes the lease; null while somebody has it. Only inside the gate.</summary>
    public HeldLease? TryTakeLease(DateTimeOffset now, TimeSpan duration)
    {
        directory.Guard(_lease);
#pragma warning disable CA2000 // the lease disposes it
        if ((FileLock.TryTake(_lease) ?? (IsOver(now, duration) ? TakeOver() : null)) is not { } file)
            return null;
#pragma warning restore CA2000

        var lease = new HeldLease(file);
        File.SetLastWriteTimeUtc(file.SafeFileHandle, now.UtcDateTime);

        return lease;
    }

    /// <summary>Whether somebody has taken the lease over from its holder and holds it now. Only inside the gate.</summary>
    public bool IsLeaseOfAnother(HeldLease own)
    {
        if (OperatingSystem.IsWindows() || own.StandsIn(_lease))
            return false;

        using var free = FileLock.TryTake(_lease);

        return free is null;
    }

    /// <summary>The record's bytes; null when there is none.</summary>
    public byte[]? Read()
    {
        directory.Guard(_record);
        try
        {
            using var file = new FileStream(
                _record,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            var content = new byte[Math.Min(file.Length, MaxRecordLength)];
            file.ReadExactly(content);

            return content;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (EndOfStreamException)
        {
            return []; // cut short under our eyes by something that is no store
        }
    }

    /// <summary>Replaces the record whole or not at all. Only inside the gate.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        RemoveTemporary();
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = StoreDirectory.FileMode;

        try
        {
            using (var file = new FileStream(_temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(_temporary, _record, overwrite: true);
        }
        catch
        {
            RemoveTemporary();
            throw;
        }

        DirectoryFlush.Flush(directory.FullPath);
    }

    /// <summary>Keeps a damaged record as evidence, in place of an older one. Only inside the gate.</summary>
    public void SetAside() => File.Move(_record, Damaged, overwrite: true);

    /// <summary>Forgets a damaged record. Only inside the gate.</summary>
    public void RemoveDamaged() => File.Delete(Damaged);

    /// <summary>Deletes what a killed writer left. Only inside the gate.</summary>
    public void RemoveTemporary() => File.Delete(_temporary);

    // A clock that was set back must not make a lease endless; taken over too early, it costs one call and no record.
    private bool IsOver(DateTimeOffset now, TimeSpan duration) =>
        (now.UtcDateTime - File.GetLastWriteTimeUtc(_lease)).Duration() >= duration;

    /// <summary>
    /// Puts a new file in the place of one whose holder does not go on (stopped, frozen, hung): that holder keeps a lock that
    /// nobody asks for any more. Windows refuses to delete an open file; there the lease lasts as long as the process.
    /// </summary>
    private FileStream? TakeOver()
    {
        if (OperatingSystem.IsWindows())
            return null;

        File.Delete(_lease);

        return FileLock.TryTake(_lease);
    }
}
