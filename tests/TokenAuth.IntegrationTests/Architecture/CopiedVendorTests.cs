using System.Text.RegularExpressions;
using TokenAuth.IntegrationTests.Package;

namespace TokenAuth.IntegrationTests.Architecture;

/// <summary>A vendor is one folder: a copy of it under another name, and one line in the list of kinds, are another vendor.</summary>
public sealed class CopiedVendorTests : IDisposable
{
    private const string Program = """"
        using Microsoft.Extensions.Configuration;
        using Microsoft.Extensions.DependencyInjection;
        using TokenAuth;

        var services = new ServiceCollection();
        var values = new Dictionary<string, string?>
        {
            ["TokenAuth:section:Provider"] = "AcmeCloud",
            ["TokenAuth:section:ClientId"] = "id-1",
            ["TokenAuth:section:ClientSecret"] = "s-1",
        };
        services
            .AddTokenAuth(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("TokenAuth"))
            .AddAcmeCloud("code", o => (o.ClientId, o.ClientSecret) = ("id-2", "s-2"))
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("id-3", "s-3"))
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(() => new Endpoint()));
        using var provider = services.BuildServiceProvider();

        foreach (var name in new[] { "section", "code", "vk" })
        {
            var tokens = provider.GetRequiredKeyedService<ITokenProvider>(name);
            Console.WriteLine($"{tokens}: {(await tokens.GetTokenAsync()).Value}");
        }

        internal sealed class Endpoint : HttpMessageHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var id = (await request.Content!.ReadAsStringAsync(cancellationToken)).Split("client_id\":\"")[1][..4];
                return new()
                {
                    RequestMessage = request,
                    Content = new StringContent($$"""{"access_token":"access-of-{{id}}","refresh_token":"r","expired_in":"3600"}"""),
                };
            }
        }
        """";

    private readonly SourceCopy _copy = new("tokenauth-vendor-");

    public void Dispose() => _copy.Dispose();

    [Fact]
    public async Task A_copied_folder_and_one_line_are_another_vendor()
    {
        CopyVendor();
        AddToBuiltInKinds("AcmeCloudKind.Kind,");

        Assert.Equal(
            """
            AcmeCloudTokenProvider 'section': access-of-id-1
            AcmeCloudTokenProvider 'code': access-of-id-2
            VkCloudTokenProvider 'vk': access-of-id-3
            """,
            (await RunAsync()).ReplaceLineEndings("\n").Trim()
        );
    }

    private void CopyVendor()
    {
        var vendors = Path.Combine(_copy.Root, "src", "TokenAuth", "Providers");
        var files = Directory.GetFiles(Path.Combine(vendors, "VkCloud"), "*.cs");
        var types = files.Select(file => Path.GetFileName(file).Split('.')[0]).Distinct().ToList();
        Directory.CreateDirectory(Path.Combine(vendors, "AcmeCloud"));

        string Renamed(string text) =>
            types
                .Where(type => !type.Contains("VkCloud", StringComparison.Ordinal))
                .Aggregate(text, (renamed, type) => Regex.Replace(renamed, $@"\b{type}\b", "Acme" + type))
                .Replace("VkCloud", "AcmeCloud", StringComparison.Ordinal);

        foreach (var file in files)
            File.WriteAllText(
                Path.Combine(vendors, "AcmeCloud", Renamed(Path.GetFileName(file))),
                Renamed(File.ReadAllText(file))
            );
    }

    private void AddToBuiltInKinds(string line)
    {
        var path = Path.Combine(_copy.Root, "src", "TokenAuth", "DependencyInjection", "BuiltInKinds.cs");
        var before = File.ReadAllText(path);
        var after = before.Replace("VkCloudKind.Kind,", $"VkCloudKind.Kind, {line}", StringComparison.Ordinal);

        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }

    private async Task<string> RunAsync()
    {
        var application = Directory.CreateDirectory(Path.Combine(_copy.Root, "application")).FullName;
        await File.WriteAllTextAsync(Path.Combine(application, "Program.cs"), Program);
        await File.WriteAllTextAsync(
            Path.Combine(application, "application.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.Extensions.DependencyInjection" />
                <ProjectReference Include="../src/TokenAuth/TokenAuth.csproj" />
              </ItemGroup>
            </Project>
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(_copy.Root, "nuget.config"),
            $"""
            <configuration>
              <packageSources><clear /></packageSources>
              <fallbackPackageFolders><clear /><add key="cache" value="{Sdk.PackageCache}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        await Sdk.RunAsync(
            application,
            "build",
            "-o",
            "out",
            "-p:TargetFrameworks=net10.0",
            "-p:RunAnalyzers=false",
            "-p:NuGetAudit=false",
            "-p:GenerateDocumentationFile=false",
            "-p:RestoreEnablePackagePruning=false"
        );

        return await Sdk.RunAsync(application, Path.Combine("out", "application.dll"));
    }
}
