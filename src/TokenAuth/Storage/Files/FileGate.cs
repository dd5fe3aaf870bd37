namespace TokenAuth;

/// <summary>
/// Lets one process at a time change a record's files. A gate whose holder does not go on (stopped, frozen, hung) is replaced by the
/// next one after 20 seconds: <c>.gate</c>, <c>.gate-1</c>, <c>.gate-2</c>; the last one counts.
/// </summary>
internal sealed class FileGate(RecordFiles files)
{
    // Between locking a gate and dating it a process may be interrupted for a moment.
    private static readonly TimeSpan _secondLook = TimeSpan.FromMilliseconds(250);

    private int _number;
    private (DateTime Entered, long SeenAt)? _overdue; // who seems to have been inside for too long

    /// <summary>Enters; null while another process is inside, which takes milliseconds.</summary>
    public IDisposable? TryEnter(DateTimeOffset now)
    {
        while (true)
        {
            var path = PathOf(_number);
            files.Guard(path);
#pragma warning disable CA2000 // the caller disposes it
            var gate = FileLock.TryTake(path);
#pragma warning restore CA2000
            if (gate is null && !Path.Exists(PathOf(_number + 1)))
            {
                if (!IsOverdue(path, now))
                    return null;

                FileLock.TryCreate(PathOf(_number + 1));
            }

            if (Path.Exists(PathOf(_number + 1)))
            {
                gate?.Dispose();
                _number++;
                _overdue = null;
            }
            else if (gate is not null)
            {
                Begin(gate, now);

                return gate;
            }
        }
    }

    private void Begin(FileLock gate, DateTimeOffset now)
    {
        try
        {
            File.SetLastWriteTimeUtc(gate.Handle, now.UtcDateTime);
            if (_number == 0 || RandomAccess.GetLength(gate.Handle) > 0)
                return;

            // The first inside a gate that replaces another one: from here nobody of that one can move anything.
            files.DeleteDrafts();
            RandomAccess.Write(gate.Handle, [1], fileOffset: 0);
        }
        catch
        {
            gate.Dispose(); // the disk is full: nobody is inside
            throw;
        }
    }

    private bool IsOverdue(string path, DateTimeOffset now)
    {
        var entered = File.GetLastWriteTimeUtc(path);
        if (OperatingSystem.IsWindows() || (now.UtcDateTime - entered).Duration() < FileTokenLease.Duration)
            _overdue = null;
        else if (_overdue?.Entered != entered)
            _overdue = (entered, TimeProvider.System.GetTimestamp());

        return _overdue is { } seen && TimeProvider.System.GetElapsedTime(seen.SeenAt) >= _secondLook;
    }

    private string PathOf(int number) => files.PathOf(number == 0 ? ".gate" : $".gate-{number}");
}
