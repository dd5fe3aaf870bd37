using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>
/// A file on its way to its place, locked while its writer lives. All that is slow happens before the gate is entered. Whoever
/// takes the gate over deletes every draft: that is why a process that was frozen inside cannot move its own when it wakes.
/// </summary>
internal sealed class FileDraft : IDisposable
{
    private readonly string _path;
    private readonly FileLock _lock;

    private bool _isKept;

    private FileDraft(string path, FileLock taken)
    {
        _path = path;
        _lock = taken;
    }

    /// <summary>Writes the content to the disk.</summary>
    public static FileDraft Write(RecordFiles files, ReadOnlySpan<byte> content)
    {
        var draft = Create(files);
        try
        {
            RandomAccess.Write(draft._lock.Handle, content, fileOffset: 0);
            RandomAccess.FlushToDisk(draft._lock.Handle);

            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty one.</summary>
    public static FileDraft Create(RecordFiles files)
    {
        while (true)
        {
            var path = files.PathOf(
                $".{Convert.ToHexString(RandomNumberGenerator.GetBytes(RecordFiles.DraftIdLength / 2))}{RecordFiles.DraftSuffix}"
            );
#pragma warning disable CA2000 // the draft disposes it
            if (FileLock.TryTake(path) is { } taken) // else another process has found it unlocked and is about to delete it
                return new FileDraft(path, taken);
#pragma warning restore CA2000
        }
    }

    /// <summary>Moves it to its place, whatever is there, and gives its lock back; false when somebody has deleted it. Only inside the gate.</summary>
    public bool TryMoveTo(string place)
    {
        if (OperatingSystem.IsWindows())
            _lock.Dispose(); // which replaces nothing by an open file
        if (!TryMove(place))
            return false;

        _lock.Dispose(); // whoever respects locks may read the file from here on

        return true;
    }

    /// <summary>Moves it there as an open file, whose lock moves with it; null when somebody has deleted it. Only inside the gate.</summary>
    public FileLock? TryMoveOpenTo(string place)
    {
        if (!TryMove(place))
            return null;

        _isKept = true;

        return _lock;
    }

    /// <summary>Deletes what was not moved.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        finally
        {
            if (!_isKept)
                _lock.Dispose();
        }
    }

    private bool TryMove(string place)
    {
        try
        {
            File.Move(_path, place, overwrite: true);

            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
