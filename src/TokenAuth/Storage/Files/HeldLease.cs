using System.Security.Cryptography;

namespace TokenAuth;

/// <summary>A locked lease file. It says in the file who holds it: whoever takes the lease over puts another file in its place.</summary>
internal sealed class HeldLease : IDisposable
{
    private const int IdLength = 16;

    private readonly byte[] _id = RandomNumberGenerator.GetBytes(IdLength);
    private readonly FileStream _file;

    public HeldLease(FileStream file)
    {
        _file = file;
        RandomAccess.Write(file.SafeFileHandle, _id, fileOffset: 0);
    }

    /// <summary>Puts down since when it is held.</summary>
    public void Begin(DateTimeOffset now) => File.SetLastWriteTimeUtc(_file.SafeFileHandle, now.UtcDateTime);

    /// <summary>True when the file at the path is still this one.</summary>
    public bool StandsIn(string path)
    {
        using var file = UnixFile.TryOpen(path, FileAccess.Read);
        Span<byte> id = stackalloc byte[IdLength];

        return file is not null && RandomAccess.Read(file, id, fileOffset: 0) == IdLength && id.SequenceEqual(_id);
    }

    public void Dispose() => _file.Dispose();
}
