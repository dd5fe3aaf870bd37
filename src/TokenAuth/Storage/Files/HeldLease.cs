using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>A locked lease file. It says in the file who holds it: whoever takes the lease over puts another file in its place.</summary>
internal sealed class HeldLease : IDisposable
{
    private const int IdLength = 16;

    private readonly byte[] _id = RandomNumberGenerator.GetBytes(IdLength);
    private readonly FileLock _lock;

    private HeldLease(FileLock taken) => _lock = taken;

    /// <summary>Puts down in a locked file who holds it, and since when.</summary>
    public static HeldLease Begin(FileLock taken, DateTimeOffset now)
    {
        var lease = new HeldLease(taken);
        try
        {
            RandomAccess.Write(taken.Handle, lease._id, fileOffset: 0);
            File.SetLastWriteTimeUtc(taken.Handle, now.UtcDateTime);

            return lease;
        }
        catch
        {
            lease.Dispose(); // the disk is full: nobody holds the lease
            throw;
        }
    }

    /// <summary>True when the file at the path is still this one.</summary>
    public bool StandsIn(string path)
    {
        using var file = UnixFile.TryOpen(path, FileAccess.Read);
        Span<byte> id = stackalloc byte[IdLength];

        return file is not null && RandomAccess.Read(file, id, fileOffset: 0) == IdLength && id.SequenceEqual(_id);
    }

    public void Dispose() => _lock.Dispose();
}
