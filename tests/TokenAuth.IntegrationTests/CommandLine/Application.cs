namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>An application's folder, its user secrets and its environment, apart from those of whoever runs the tests.</summary>
internal sealed class Application : IDisposable
{
    private const string UserSecretsId = "tokenauth-tests";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("tokenauth-cli-");

    public Application()
    {
        Directory.CreateDirectory(Path);
        Write(
            "Shop.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><UserSecretsId>{UserSecretsId}</UserSecretsId></PropertyGroup>
            </Project>
            """
        );
    }

    public string Path => System.IO.Path.Combine(_root.FullName, "shop");

    /// <summary>The folder in which a command is typed; the application's unless set.</summary>
    public string? WorkingDirectory { get; set; }

    public string Home => _root.FullName;

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public void Settings(string json) => Write("appsettings.json", json);

    public void Secrets(string json) =>
        Write(System.IO.Path.Combine("..", ".microsoft", "usersecrets", UserSecretsId, "secrets.json"), json);

    public void Write(string file, string text)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, file));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void AddTo(IDictionary<string, string?> environment)
    {
        foreach (
            var name in environment
                .Keys.Where(name =>
                    name.StartsWith("TokenAuth_", StringComparison.OrdinalIgnoreCase)
                    || name.EndsWith("_ENVIRONMENT", StringComparison.Ordinal)
                    || name is "NO_COLOR" or "XDG_RUNTIME_DIR"
                )
                .ToList()
        )
            environment.Remove(name);
        environment["HOME"] = Home; // user secrets are below it
        environment["DOTNET_TC_CallCounting"] = "0"; // it ends before its code would be worth compiling again
        foreach (var (name, value) in Variables)
            environment[name] = value;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
