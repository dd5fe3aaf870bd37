using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace TokenAuth.Benchmarks;

/// <summary>A temporary folder in which programs are built against the packed TokenAuth.</summary>
internal sealed class ProgramWorkshop : IDisposable
{
    // Never a version that is released, so that no cache keeps it for one.
    private static readonly string _version = $"0.0.0-size{DateTime.UtcNow.Ticks}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenauth-size-");
    private int _programs;

    public static (string Id, string Version) TokenAuthPackage => ("TokenAuth", _version);

    public static IReadOnlyDictionary<string, (string Id, string Version)> Peers { get; } =
        new Dictionary<string, (string, string)>
        {
            [CallerFactory.Google] = ("Google.Apis.Auth", VersionOf(typeof(Google.Apis.Auth.OAuth2.UserCredential))),
            [CallerFactory.Msal] = (
                "Microsoft.Identity.Client",
                VersionOf(typeof(Microsoft.Identity.Client.TokenCache))
            ),
        };

    public static async Task<ProgramWorkshop> OpenAsync()
    {
        var workshop = new ProgramWorkshop();
        await RunAsync(
            Directory.GetCurrentDirectory(),
            "pack",
            "src/TokenAuth",
            "-c",
            "Release",
            $"-p:Version={_version}",
            "-o",
            workshop._folder.FullName
        );

        return workshop;
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        var cached = new DirectoryInfo(Path.Combine(PackageCache(), "tokenauth", _version));
        if (cached.Exists)
            cached.Delete(recursive: true);
    }

    /// <summary>Bytes of the published program, without what only debuggers read.</summary>
    /// <param name="publish">The property that says how: PublishTrimmed or PublishAot.</param>
    public async Task<long> PublishAsync(string code, string publish, (string Id, string Version)? package)
    {
        var program = Create(code, $"<{publish}>true</{publish}>", package);
        await RunAsync(program.FullName, "publish", "-c", "Release", "-o", "published");

        return program
            .GetDirectories("published")[0]
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Extension is not (".pdb" or ".dbg"))
            .Sum(file => file.Length);
    }

    /// <summary>Bytes of a package and of all that it needs, as a feed serves them.</summary>
    public async Task<long> DownloadAsync((string Id, string Version) package)
    {
        var program = Create("", "", package);
        await RunAsync(program.FullName, "restore");
        using var assets = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(program.FullName, "obj", "project.assets.json"))
        );

        return assets
            .RootElement.GetProperty("libraries")
            .EnumerateObject()
            .Select(library => Path.Combine(PackageCache(), library.Value.GetProperty("path").GetString()!))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.nupkg"))
            .Sum(file => new FileInfo(file).Length);
    }

    private DirectoryInfo Create(string code, string properties, (string Id, string Version)? package)
    {
        var program = _folder.CreateSubdirectory($"program{++_programs}");
        var reference = package is { } used
            ? $"""<PackageReference Include="{used.Id}" Version="[{used.Version}]" />"""
            : "";
        File.WriteAllText(Path.Combine(program.FullName, "Program.cs"), code);
        File.WriteAllText(
            Path.Combine(program.FullName, "Program.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RestoreAdditionalProjectSources>{_folder.FullName}</RestoreAdditionalProjectSources>
                {properties}
              </PropertyGroup>
              <ItemGroup>{reference}</ItemGroup>
            </Project>
            """
        );

        return program;
    }

    private static string PackageCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string VersionOf(Type type) =>
        FileVersionInfo.GetVersionInfo(type.Assembly.Location).ProductVersion!.Split('+')[0];

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed.\n{output}");
    }
}
