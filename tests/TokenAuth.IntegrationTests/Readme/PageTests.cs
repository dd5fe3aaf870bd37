using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenAuth.IntegrationTests.Readme;

/// <summary>What the pages list is what the packages have.</summary>
public sealed class PageTests
{
    private static readonly Assembly[] s_assemblies =
    [
        typeof(AccessToken).Assembly,
        typeof(AzureSpeechEntraOptions).Assembly,
        typeof(PostgresTokenStore).Assembly,
        typeof(RedisTokenStore).Assembly,
        typeof(SpeechTokenEndpointOptions).Assembly,
    ];

    [Fact]
    public void No_page_has_more_than_150_lines() =>
        Assert.All(Pages.OfDocs, page => Assert.InRange(Pages.Text(page).Count(c => c == '\n'), 1, 150));

    [Fact]
    public void Every_link_to_a_file_leads_to_one()
    {
        var links = Pages.All.SelectMany(page =>
            Regex
                .Matches(Pages.Text(page), @"\]\((?!https?:|#)(?<file>[^)#]+)(#(?<anchor>[^)]+))?\)")
                .Select(link => Path.Combine(Pages.Root, Path.GetDirectoryName(page)!, link.Groups["file"].Value))
        );

        Assert.All(links, file => Assert.True(File.Exists(file), file));
    }

    [Fact]
    public void The_page_about_configuration_lists_every_option()
    {
        var page = Pages.Text("docs/configuration.md");
        var options = s_assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Where(type => type.IsPublic || type.Name == "StaticTokenOptions")
            .SelectMany(type =>
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            )
            .Select(option => $"| `{option.DeclaringType!.Name}.{option.Name}` |")
            .ToList();

        Assert.True(options.Count > 40);
        Assert.All(options, row => Assert.Contains(row, page, StringComparison.Ordinal));
        Assert.Equal(options.Count, Regex.Count(page, @"^\| `\w+Options\.\w+` \|", RegexOptions.Multiline));
    }

    [Fact]
    public void The_page_about_telemetry_lists_every_name()
    {
        var names = typeof(TokenAuthDiagnostics)
            .GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => $"`{field.GetRawConstantValue()}`")
            .ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, Pages.Text("docs/telemetry.md"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_about_telemetry_lists_every_event_that_is_logged_and_no_other()
    {
        var events = s_assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(message => message.EventId)
            .Select(message => $"| {message.EventId} | {message.Level} |");
        var rows = Regex.Matches(Pages.Text("docs/telemetry.md"), @"^\| \d+ \| \w+ \|", RegexOptions.Multiline);

        Assert.Equal(events, rows.Select(row => row.Value));
    }

    [Fact]
    public void The_page_about_samples_lists_every_sample()
    {
        var samples = Directory
            .EnumerateFiles(Path.Combine(Pages.Root, "samples"), "Program.cs", SearchOption.AllDirectories)
            .Select(program => $"| `samples/{new FileInfo(program).Directory!.Name}` |")
            .ToList();

        Assert.NotEmpty(samples);
        Assert.All(samples, row => Assert.Contains(row, Pages.Text("samples/README.md"), StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Settings() =>
        new(
            Pages
                .Blocks.Where(block => block.Language == "json")
                .Select(block => (block.ToString(), block.Code.Replace('…', '0')))
        );

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task An_application_starts_with_the_configuration_of_a_page_and_with_secrets(string page, string json)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        var section = builder.Configuration.GetSection("TokenAuth");
        foreach (var provider in section.GetChildren().ToList())
            if (provider["Provider"] == "VkCloud")
                (provider["ClientId"], provider["ClientSecret"]) = (provider["ClientId"] ?? "an-id", "a-secret");
            else if (provider["Provider"] == "AzureSpeech")
                provider["SubscriptionKey"] = "a-key";
            else if (provider.Key == "Store")
                provider["EncryptionKey"] = Convert.ToBase64String(new byte[32]);
        var tokens = builder.Services.AddTokenAuth(section).UseAzureCredential(_ => new DefaultAzureCredential());
        _ = section["Store:Kind"] switch
        {
            "Postgres" => tokens.UsePostgresStore(),
            "Redis" => tokens.UseRedisStore(),
            _ => tokens,
        };
        using var application = builder.Build();

        await application.StartAsync(TestContext.Current.CancellationToken);

        Assert.True(section.GetChildren().Any(), page);
        foreach (var provider in section.GetChildren().Where(child => child["Provider"] is not null))
            Assert.NotNull(application.Services.GetRequiredKeyedService<ITokenProvider>(provider.Key));
    }
}
