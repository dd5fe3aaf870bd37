using System.Text.RegularExpressions;

namespace TokenAuth;

/// <summary>
/// The files of one record. <c>.record</c> is the sealed record; <c>.gate</c> is locked for the instant in which any of them
/// changes; <c>.lease</c> is locked by the lease's holder, and its time of last change says since when; <c>.damaged</c> is the
/// newest damaged record, or its first mebibyte; <c>.1f….tmp</c> is a file on its way.
/// </summary>
internal sealed partial class RecordFiles
{
    public const string DraftSuffix = ".tmp";
    public const int DraftIdLength = 16;

    private const int MaxRecordLength = 1 << 20;

    private readonly StoreDirectory _directory;
    private readonly string _key;
    private readonly string _record;
    private readonly string _lease;
    private readonly FileGate _gate;

    public RecordFiles(StoreDirectory directory, string key)
    {
        _directory = directory;
        _key = key;
        _record = PathOf(".record");
        _lease = PathOf(".lease");
        Damaged = PathOf(".damaged");
        _gate = new FileGate(this);
    }

    public string Damaged { get; }

    public static bool IsOurs(string path) => OurName().IsMatch(Path.GetFileName(path));

    public string PathOf(string suffix) => Path.Combine(_directory.FullPath, _key + suffix);

    public void Guard(string path) => _directory.Guard(path);

    /// <summary>Takes the right to change the files; null while another process is at it, which takes milliseconds.</summary>
    public IDisposable? TryEnter(DateTimeOffset now) => _gate.TryEnter(now);

    /// <summary>Takes the lease; null while somebody has it. Only inside the gate.</summary>
    public HeldLease? TryTakeLease(DateTimeOffset now)
    {
        _directory.Guard(_lease);
#pragma warning disable CA2000 // the lease disposes it
        if (FileLock.TryTake(_lease) is not { } taken)
            return null;
#pragma warning restore CA2000

        return HeldLease.Begin(taken, now);
    }

    /// <summary>
    /// True when the lease has lasted its full time, or its file's time is as far ahead: a clock that was set back must not make a lease endless.
    /// </summary>
    public bool IsLeaseOver(DateTimeOffset now) =>
        !OperatingSystem.IsWindows() // which refuses to replace an open file: there the lease lasts as long as the process
        && (now.UtcDateTime - File.GetLastWriteTimeUtc(_lease)).Duration() >= FileTokenLease.Duration;

    /// <summary>
    /// Puts a new file in the place of the holder's, which keeps a lock that nobody asks for any more; null when the new one was deleted.
    /// Only inside the gate.
    /// </summary>
    public HeldLease? TryTakeLeaseOver(FileDraft draft, DateTimeOffset now)
    {
#pragma warning disable CA2000 // the lease disposes it
        if (draft.TryMoveOpenTo(_lease) is not { } taken)
            return null;
#pragma warning restore CA2000

        return HeldLease.Begin(taken, now);
    }

    /// <summary>True when nobody has taken the lease over from its holder.</summary>
    public bool IsStill(HeldLease lease) => OperatingSystem.IsWindows() || lease.StandsIn(_lease);

    /// <summary>True when nobody holds the lease. Only inside the gate.</summary>
    public bool IsLeaseFree()
    {
        using var free = FileLock.TryTake(_lease);

        return free is not null;
    }

    /// <summary>The record's bytes, or the first mebibyte and one; null when there is none.</summary>
    public byte[]? Read()
    {
        using var file = _directory.TryOpen(_record);
        if (file is null)
            return null;

        var content = new byte[Math.Min(RandomAccess.GetLength(file), MaxRecordLength + 1)];
        var read = 0;
        while (read < content.Length)
        {
            var count = RandomAccess.Read(file, content.AsSpan(read), read);
            if (count == 0)
                return []; // cut short under our eyes by something that is no store
            read += count;
        }

        return content;
    }

    /// <summary>Replaces the record whole or not at all; false when the draft was deleted. Only inside the gate.</summary>
    public bool TryReplace(FileDraft draft) => draft.TryMoveTo(_record);

    /// <summary>Forgets a damaged record.</summary>
    public void RemoveDamaged() => File.Delete(Damaged);

    /// <summary>Puts the last rename on the disk.</summary>
    public void Flush() => DirectoryFlush.Flush(_directory.FullPath);

    /// <summary>Deletes every draft of this record, also those of writers at work: they write another one.</summary>
    public void DeleteDrafts()
    {
        foreach (var draft in Directory.EnumerateFiles(_directory.FullPath, $"{_key}.*{DraftSuffix}"))
            File.Delete(draft);
    }

    [GeneratedRegex(
        @"^[a-z0-9-]{1,128}\.(record|gate(-[0-9]+)?|lease|damaged|[0-9A-Fa-f]{16}\.tmp)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OurName();
}
