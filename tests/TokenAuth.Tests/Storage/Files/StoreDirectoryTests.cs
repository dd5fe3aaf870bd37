#if !NETSTANDARD_ASSEMBLY
using System.Runtime.InteropServices;

namespace TokenAuth.Tests.Storage;

public sealed class StoreDirectoryTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly RecordedLogs _logs = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_default_is_a_directory_of_our_own_in_the_users_data()
    {
        Assert.Equal(Path.Combine(_directory.Root, "TokenAuth"), StoreDirectory.PathUnder(_directory.Root));
        Assert.Null(StoreDirectory.PathUnder(""));
    }

    [Fact, Trait("Failure", "44")]
    public void An_open_directory_of_another_user_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can be two users.");
        Directory.CreateDirectory(_directory.Store);
        TestDirectory.SetMode(_directory.Root, "rwxr-xr-x");
        TestDirectory.SetMode(_directory.Store, "rwxr-xr-x");
        var directory = new StoreDirectory(_directory.Store, _logs);

        var error = AsNobody(() => Assert.Throws<TokenStoreException>(directory.Prepare));

        Assert.Equal(
            $"The store directory '{_directory.Store}' is open to other users and belongs to another one (a mounted volume?); "
                + "name a directory inside it, which the store makes for itself.",
            error.Message
        );
        Assert.IsType<UnauthorizedAccessException>(error.InnerException);
        Assert.Empty(_logs.Warnings);
    }

    [Fact, Trait("Failure", "74")]
    public void A_directory_in_one_that_this_user_may_not_list_is_no_volumes_root()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can be two users.");
        Directory.CreateDirectory(_directory.Store);
        TestDirectory.SetMode(_directory.Root, "rwx--x--x");

        Assert.False(AsNobody(() => StorePath.IsVolumeRoot(_directory.Store)));
    }

    [Fact, Trait("Failure", "42")]
    public async Task A_temporary_file_of_somebody_else_stays()
    {
        var directory = new StoreDirectory(_directory.Store, _logs);
        Directory.CreateDirectory(_directory.Store);
        var foreign = Path.Combine(_directory.Store, "Somebody's.tmp");
        await File.WriteAllTextAsync(foreign, "", Cancellation);
        TestDirectory.SetMode(_directory.Store, "rwx------");

        directory.Prepare();

        Assert.True(File.Exists(foreign));
    }

    [Fact, Trait("Failure", "41")]
    public async Task A_lease_whose_file_cannot_be_written_leaves_no_lock_behind()
    {
        var path = Path.Combine(_directory.Root, "lease");
        await File.WriteAllTextAsync(path, "", Cancellation);
        using var taken = new FileLock(File.OpenHandle(path)); // as useless as one on a full disk

        Assert.ThrowsAny<Exception>(() => HeldLease.Begin(taken, TimeProvider.System.GetUtcNow()));

        Assert.True(taken.Handle.IsClosed);
    }

    [Fact]
    public void A_directory_that_cannot_be_opened_costs_no_write() =>
        DirectoryFlush.Flush(Path.Combine(_directory.Root, "no-such-directory"));

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    // For this thread and for files alone; what runs meanwhile on other threads does not notice.
    private static T AsNobody<T>(Func<T> act)
    {
        const uint nobody = 65534;
        _ = SetFileUser(nobody);
        try
        {
            return act();
        }
        finally
        {
            _ = SetFileUser(0);
        }
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetFileUser(uint user);
}
#endif
