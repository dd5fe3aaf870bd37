using System.Reflection;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenAuth.IntegrationTests.Readme;

public sealed class ReadmeTests
{
    private static readonly Assembly[] s_assemblies =
    [
        typeof(AccessToken).Assembly,
        typeof(PostgresTokenStore).Assembly,
        typeof(RedisTokenStore).Assembly,
    ];

    public static TheoryData<int, string> CSharpBlocks() => new(ReadmeText.Blocks("csharp"));

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Its_code_compiles(int line, string code)
    {
        var faults = ReadmeCompiler.Faults(line, code);

        Assert.True(faults.Length == 0, faults);
    }

    [Fact]
    public async Task Its_test_of_an_application_passes()
    {
        var (line, code) = ReadmeText
            .Blocks("csharp")
            .Single(block => block.Code.Contains("UseTheApplication", StringComparison.Ordinal));

        await ReadmeCompiler.RunAsync(line, code);
    }

    [Fact]
    public void Only_code_of_packages_that_are_not_used_here_is_left_out()
    {
        var leftOut = ReadmeText.Blocks("cs").Select(block => block.Code.Split('\n')[0]).ToList();

        Assert.NotEmpty(leftOut);
        Assert.All(
            leftOut,
            first => Assert.Matches(@"^// with the package (Refit|Grpc|Microsoft\.Extensions\.Http\.Resilience)", first)
        );
    }

    [Fact]
    public async Task An_application_starts_with_its_configuration_and_secrets()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var json = Assert.Single(ReadmeText.Blocks("json")).Code.Replace('…', '0');
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        builder.Configuration["TokenAuth:voice:ClientSecret"] = "a-secret";
        builder.Configuration["TokenAuth:vision:ClientSecret"] = "a-secret";
        builder.Configuration["TokenAuth:speech:SubscriptionKey"] = "a-key";
        builder.Services.AddTokenAuth(builder.Configuration.GetSection("TokenAuth"));
        using var application = builder.Build();

        await application.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(application.Services.GetRequiredKeyedService<ITokenProvider>("vision"));
    }

    [Fact]
    public void The_package_s_own_README_starts_with_the_same_code()
    {
        var package = File.ReadAllText(Path.Combine(ReadmeText.Root, "src/TokenAuth/README.md"));

        Assert.Contains(package.Split("```csharp")[1].Split("```")[0], ReadmeText.Whole, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_two_commands_come_first()
    {
        var first = ReadmeText.Whole.Split('\n').Take(60).ToList();

        Assert.Contains("dotnet run --project samples/Quickstart", first);
        Assert.Contains("dotnet test", first);
        Assert.StartsWith(
            "dotnet run ",
            first.First(line => line.StartsWith("dotnet run", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void It_lists_every_sample()
    {
        var samples = Directory
            .EnumerateFiles(Path.Combine(ReadmeText.Root, "samples"), "Program.cs", SearchOption.AllDirectories)
            .Select(program => $"| `samples/{new FileInfo(program).Directory!.Name}` |")
            .ToList();

        Assert.NotEmpty(samples);
        Assert.All(samples, row => Assert.Contains(row, ReadmeText.Whole, StringComparison.Ordinal));
    }

    [Fact]
    public void It_lists_every_option()
    {
        var options = s_assemblies
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type =>
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            )
            .Select(option => $"| `{option.DeclaringType!.Name}.{option.Name}` |")
            .ToList();

        Assert.NotEmpty(options);
        Assert.All(options, row => Assert.Contains(row, ReadmeText.Whole, StringComparison.Ordinal));
    }

    [Fact]
    public void It_lists_every_name_of_the_telemetry()
    {
        var names = typeof(TokenAuthDiagnostics)
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => $"`{field.GetRawConstantValue()}`")
            .ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, ReadmeText.Whole, StringComparison.Ordinal));
    }

    [Fact]
    public void It_lists_every_event_that_is_logged()
    {
        var events = s_assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(message => $"| {message.EventId} | {message.Level} |")
            .ToList();

        Assert.NotEmpty(events);
        Assert.All(events, row => Assert.Contains(row, ReadmeText.Whole, StringComparison.Ordinal));
    }
}
