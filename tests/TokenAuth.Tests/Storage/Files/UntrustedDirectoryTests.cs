#if !NETSTANDARD_ASSEMBLY
using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.Tests.Storage;

/// <summary>Directories, files and mounts that promise something and do not keep it, or belong to somebody else.</summary>
public sealed class UntrustedDirectoryTests : IDisposable
{
    private const string Key = StoreRecords.Key;

    private readonly TestDirectory _directory = new();
    private readonly RecordedLogs _logs = new();
    private readonly string _encryptionKey = StoreRecords.NewEncryptionKey();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Trait("Failure", "72")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/.")]
    [InlineData("/below/..")]
    public async Task A_link_is_refused_however_its_path_ends(string end)
    {
        Directory.CreateDirectory(Path.Combine(_directory.Root, "elsewhere"));
        Directory.CreateSymbolicLink(_directory.Store, Path.Combine(_directory.Root, "elsewhere"));

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open(_directory.Store + end).WriteAsync("one"));

        Assert.Equal(
            $"'{_directory.Store}' is a symbolic link, through which somebody else could choose where tokens go; "
                + "name the real directory, or remove the link.",
            error.Message
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Root, "elsewhere")));
    }

    [Theory, Trait("Failure", "72")]
    [InlineData("rwxrwxrwx", true)]
    [InlineData("rwxrwx---", true)]
    [InlineData("rwxr-xr-x", false)]
    public async Task A_link_on_the_way_is_refused_where_others_could_put_another_one(string mode, bool isRefused)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var shared = Directory.CreateDirectory(Path.Combine(_directory.Root, "shared")).FullName;
        Directory.CreateDirectory(Path.Combine(_directory.Root, "elsewhere"));
        var link = Path.Combine(shared, "link");
        Directory.CreateSymbolicLink(link, Path.Combine(_directory.Root, "elsewhere"));
        TestDirectory.SetMode(shared, mode);

        var error = await Record.ExceptionAsync(() => Open(Path.Combine(link, "store")).WriteAsync("one"));

        Assert.Equal(
            isRefused,
            error is TokenStoreException refused
                && refused.Message.StartsWith($"'{link}' is a symbolic link", StringComparison.Ordinal)
        );
        Assert.Equal(isRefused, error is not null);
        if (!isRefused)
            Assert.Equal("one", await Open(Path.Combine(link, "store")).ReadTokenAsync()); // after a restart
    }

    [Fact, Trait("Failure", "72")]
    public async Task A_directory_of_another_user_is_refused_by_root_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give away.");
        Directory.CreateDirectory(_directory.Store);
        TestDirectory.SetMode(_directory.Store, "rwx------");
        await ChangeOwnerAsync(_directory.Store, 12345);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("one"));

        Assert.Equal(
            $"'{_directory.Store}' belongs to the user 12345, and this process runs as user 0: one of them could read or replace "
                + "the other's tokens. Name a directory of this user's, or give it to this user (chown).",
            error.Message
        );
    }

    [Theory, Trait("Failure", "72"), Trait("Failure", "87")]
    [InlineData(".record")]
    [InlineData(".lease")]
    [InlineData(".gate")]
    public async Task A_file_of_another_user_is_refused_by_root_too(string suffix)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give away.");
        await Open().WriteAsync("one");
        await ChangeOwnerAsync(_directory.FileOf(Key, suffix), 12345);

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().WriteAsync("two"));

        Assert.StartsWith(
            $"'{_directory.FileOf(Key, suffix)}' belongs to the user 12345, and this process runs as user 0: ",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory, Trait("Failure", "72")]
    [InlineData(".record")]
    [InlineData(".lease")]
    [InlineData(".gate")]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_at_once(string suffix)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Judged by the handle on Linux.");
        await Open().WriteAsync("one");
        File.Delete(_directory.FileOf(Key, suffix));
        await RunAsync("mkfifo", _directory.FileOf(Key, suffix));

        var error = await Assert.ThrowsAsync<TokenStoreException>(() =>
            Open().WriteAsync("two").WaitAsync(TimeSpan.FromSeconds(10), Cancellation)
        );

        Assert.Equal(
            $"'{_directory.FileOf(Key, suffix)}' is a pipe, a device or a directory where the token store has a file; remove it.",
            error.Message
        );
    }

    [Fact, Trait("Failure", "72")]
    public async Task A_directory_in_the_place_of_a_record_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Judged by the handle on Linux.");
        await Open().WriteAsync("one");
        File.Delete(_directory.FileOf(Key, ".record"));
        Directory.CreateDirectory(_directory.FileOf(Key, ".record"));

        var error = await Assert.ThrowsAsync<TokenStoreException>(() => Open().ReadTokenAsync());

        Assert.Contains("is a pipe, a device or a directory", error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Failure", "71")]
    public void Locks_that_do_not_lock_are_noticed_when_the_store_opens()
    {
        var directory = new StoreDirectory(_directory.Store, _logs, new UnlockedDisk());

        var error = Assert.Throws<TokenStoreException>(directory.Prepare);
        var again = Assert.Throws<TokenStoreException>(directory.Prepare);

        Assert.Equal(
            $"Locks do not lock in '{_directory.Store}' (the file system gave one lock to two): two processes could renew one grant at "
                + "once. Name a directory on a local disk, or use a fleet store.",
            error.Message
        );
        Assert.Equal(error.Message, again.Message);
    }

    [Fact, Trait("Failure", "73")]
    public void A_mount_that_ignores_modes_is_told_of_once_and_truly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Directory.CreateDirectory(_directory.Store);
        TestDirectory.SetMode(_directory.Store, "rwxr-xr-x");
        var directory = new StoreDirectory(_directory.Store, _logs, new ModelessDisk());

        directory.Prepare();
        directory.Prepare();

        Assert.Equal(
            [
                $"Warning 303: '{_directory.Store}' is on a mount that ignores file modes; other users may be able to read what the token "
                    + "store keeps there.",
            ],
            _logs.Warnings
        );
    }

    [Fact, Trait("Failure", "74")]
    public async Task A_fresh_volume_gets_a_private_directory_of_our_own()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        Directory.CreateDirectory(Path.Combine(_directory.Store, "lost+found"));
        TestDirectory.SetMode(_directory.Store, "rwxr-xr-x");

        await Open().WriteAsync("one");

        Assert.Equal("one", await Open().ReadTokenAsync());
        Assert.Equal("rwxr-xr-x", TestDirectory.Mode(_directory.Store));
        Assert.Equal("rwx------", TestDirectory.Mode(Path.Combine(_directory.Store, "TokenAuth")));
        Assert.True(File.Exists(Path.Combine(_directory.Store, "TokenAuth", Key + ".record")));
        Assert.Empty(_logs.Warnings);
    }

    [Fact, Trait("Failure", "74")]
    public void A_mount_point_is_a_volumes_root_and_a_directory_in_it_is_none()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Linux mounts /proc.");

        Assert.True(StorePath.IsVolumeRoot("/proc"));
        Assert.False(StorePath.IsVolumeRoot($"/proc/{Environment.ProcessId}"));
        Assert.False(StorePath.IsVolumeRoot(_directory.Root));
    }

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    private FileTokenStore Open(string? directory = null) =>
        new(
            new FileTokenStoreOptions { Directory = directory ?? _directory.Store, EncryptionKey = _encryptionKey },
            loggerFactory: _logs
        );

    private static Task ChangeOwnerAsync(string path, int user) =>
        RunAsync("chown", user.ToString(CultureInfo.InvariantCulture), path);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    private sealed class UnlockedDisk : DiskRights
    {
        public override IDisposable? TryLock(string path) => new MemoryStream();
    }

    private sealed class ModelessDisk : DiskRights
    {
        public override void SetMode(string path, UnixFileMode mode) { }
    }
}
#endif
