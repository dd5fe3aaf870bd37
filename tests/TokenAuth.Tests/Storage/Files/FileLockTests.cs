#if !NETSTANDARD_ASSEMBLY
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>A child process has a copy of every open file, and with it of the lock, from its fork to its exec, or for good.</summary>
public sealed class FileLockTests : IDisposable
{
    private const string Key = StoreRecords.Key;
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC: the children of other tests get no copy

    private static readonly TimeSpan _long = TimeSpan.FromSeconds(30);

    private readonly TestDirectory _directory = new();
    private readonly RecordedLogs _logs = new();
    private readonly RecordFiles _files;
    private readonly List<SafeFileHandle> _copies = [];

    public FileLockTests()
    {
        var directory = new StoreDirectory(_directory.Store, _logs);
        directory.Prepare();
        _files = directory.For(Key);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("Failure", "94")]
    public async Task A_lease_that_was_given_back_is_free_although_a_child_has_a_copy_of_its_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists what a process has open.");
        var store = new FileTokenStore(
            new FileTokenStoreOptions { Directory = _directory.Store, EncryptionKey = StoreRecords.NewEncryptionKey() },
            new ManualTimeProvider(),
            _logs
        );
        var lease = await store.AcquireLeaseAsync(Key, Cancellation);
        CopyOpenFiles();

        await lease.DisposeAsync();

        await using var next = await store.AcquireLeaseAsync(Key, Cancellation).AsTask().WaitAsync(_long, Cancellation);
    }

    [Fact, Trait("Failure", "94")]
    public void A_gate_that_was_left_is_free_although_a_child_has_a_copy_of_its_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists what a process has open.");
        using (_files.TryEnter(DateTimeOffset.UtcNow))
            CopyOpenFiles();

        using var next = _files.TryEnter(DateTimeOffset.UtcNow);
        Assert.NotNull(next);
    }

    [Fact, Trait("Failure", "94")]
    public async Task A_file_in_its_place_is_free_although_a_child_has_a_copy_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lists what a process has open.");
        using var draft = FileDraft.Write(_files, "damage"u8);
        CopyOpenFiles();

        Assert.True(draft.TryMoveTo(_files.Damaged)); // from here on, while the rename is not on the disk yet

        Assert.Equal("damage"u8.ToArray(), await File.ReadAllBytesAsync(_files.Damaged, Cancellation));
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
        _directory.Dispose();
        _logs.Dispose();
    }

    private void CopyOpenFiles()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            if (new FileInfo(entry).LinkTarget?.StartsWith(_directory.Store, StringComparison.Ordinal) == true)
                _copies.Add(
                    new SafeFileHandle(
                        Control(
                            int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture),
                            DuplicateCloseOnExec,
                            0
                        ),
                        ownsHandle: true
                    )
                );

        Assert.NotEmpty(_copies);
        Assert.DoesNotContain(_copies, copy => copy.IsInvalid);
    }

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Control(int file, int command, int least);
}
#endif
