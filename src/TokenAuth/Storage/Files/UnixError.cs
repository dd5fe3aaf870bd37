using System.Runtime.InteropServices;

namespace TokenAuth;

/// <summary>An errno of Linux or macOS.</summary>
internal readonly record struct UnixError(int Number)
{
    private const int NotPermitted = 1;
    private const int NoSuchFile = 2;
    private const int NoSuchDevice = 6;
    private const int Denied = 13;
    private const int LinuxBusy = 11;
    private const int MacBusy = 35;
    private const int LinuxLink = 40;
    private const int MacLink = 62;

    public bool IsNoSuchFile => Number == NoSuchFile;

    public bool IsBusy => Number == (OperatingSystem.IsMacOS() ? MacBusy : LinuxBusy);

    public string Text => Marshal.GetPInvokeErrorMessage(Number);

    private bool IsLink => Number == (OperatingSystem.IsMacOS() ? MacLink : LinuxLink);

    /// <summary>The error of this thread's last call.</summary>
    public static UnixError Last() => new(Marshal.GetLastPInvokeError());

    public Exception ToException(string path) =>
        this switch
        {
            { IsLink: true } => StoreDirectoryError.IsLink(path),
            { Number: NoSuchDevice } => StoreDirectoryError.IsNoFile(path),
            { Number: NotPermitted or Denied } => new UnauthorizedAccessException($"{Text}: '{path}'"),
            _ => new IOException($"{Text}: '{path}'", Number),
        };
}
