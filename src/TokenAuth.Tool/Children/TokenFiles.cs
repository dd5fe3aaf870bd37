namespace TokenAuth.Tool;

/// <summary>The files through which a child reads the token that is good now: in a folder of this user's alone, removed with it.</summary>
internal sealed class TokenFiles : IDisposable
{
    private readonly object _gate = new();
    private readonly string _folder;
    private bool _isGone; // guarded by _gate

    public TokenFiles()
    {
        // Memory, where the system has it, so that nothing reaches a disk.
        var parent =
            Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
            && Directory.Exists(runtime)
                ? runtime
                : Path.GetTempPath();
        _folder = Path.Combine(parent, $"tokenauth-{Path.GetRandomFileName()}");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(
                _folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    /// <summary>One line, <c>Authorization: Bearer …</c>, as <c>curl -H @file</c> reads it.</summary>
    public string HeaderFile => Path.Combine(_folder, "header");

    /// <summary>The token alone, as <c>curl --url-query oauth_token@file</c> reads it.</summary>
    public string TokenFile => Path.Combine(_folder, "token");

    /// <summary>Replaces both, each whole.</summary>
    public void Write(AccessToken token)
    {
        lock (_gate)
        {
            if (_isGone) // the last renewal came after the end
                return;

            SecretFile.Write(HeaderFile, $"Authorization: Bearer {token.Value}\n");
            SecretFile.Write(TokenFile, token.Value);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isGone = true;
            if (Directory.Exists(_folder))
                Directory.Delete(_folder, recursive: true);
        }
    }
}
