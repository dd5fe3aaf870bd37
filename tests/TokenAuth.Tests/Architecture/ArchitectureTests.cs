using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
#if !NETSTANDARD_ASSEMBLY
using TokenAuth.Testing;
#endif

namespace TokenAuth.Tests.Architecture;

/// <summary>Rules that no analyzer knows.</summary>
public sealed class ArchitectureTests
{
    private const string Contract = nameof(IAzureSpeechResource); // above nobody

    private static readonly string _sources = Path.Combine(RepositoryRoot.Path, "src", "TokenAuth");

    private static IEnumerable<Assembly> Assemblies =>
        [
            typeof(AccessToken).Assembly,
#if !NETSTANDARD_ASSEMBLY
            typeof(PostgresTokenStore).Assembly,
            typeof(RedisTokenStore).Assembly,
            typeof(SpeechTokenEndpointOptions).Assembly,
            typeof(ManualTimeProvider).Assembly,
#if NET10_0_OR_GREATER
            typeof(TokenAuth.Tool.ToolException).Assembly,
#endif
#endif
        ];

    private static IEnumerable<Type> Types => Assemblies.SelectMany(assembly => assembly.GetTypes());

    [Fact]
    public void Public_classes_are_sealed_unless_they_are_options_or_exceptions()
    {
        var open = Types.Where(type =>
            type is { IsVisible: true, IsClass: true, IsSealed: false, IsAbstract: false }
            && !typeof(Exception).IsAssignableFrom(type)
            && !type.Name.EndsWith("Options", StringComparison.Ordinal)
        );

        Assert.Empty(open);
    }

    [Fact]
    public void Public_types_are_in_the_two_public_namespaces()
    {
        string[] allowed =
        [
            "TokenAuth",
            "TokenAuth.Testing",
            "Microsoft.AspNetCore.Builder",
            "Microsoft.Extensions.DependencyInjection",
        ];

        Assert.All(Types.Where(type => type.IsVisible), type => Assert.Contains(type.Namespace, allowed));
    }

    [Fact]
    public void Every_options_type_has_a_validator()
    {
        var options = typeof(AccessToken)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.IsClass && !type.IsAbstract)
            .Where(type => type.GetProperties().Any(property => property.PropertyType != typeof(bool))) // a switch cannot be wrong
            .ToList();
        var validated = Types
            .SelectMany(type => type.GetInterfaces())
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(i => i.GenericTypeArguments[0])
            .ToList();

        Assert.True(options.Count >= 5);
        Assert.All(options, type => Assert.Contains(validated, type.IsAssignableFrom));
    }

    [Theory]
    [InlineData("Wire", "Vk|Azure|Speech")]
    [InlineData("Lifetime", "Vk|Azure|Speech|TokenHandler|DelegatingHandler")]
    [InlineData("Storage", "Vk|Azure|Speech|HttpClient")]
    public void A_chapter_does_not_name_what_stands_above_it(string folder, string forbidden)
    {
        var files = Directory.GetFiles(Path.Combine(_sources, folder), "*.cs", SearchOption.AllDirectories);

        Assert.NotEmpty(files);
        Assert.Empty(
            files.SelectMany(file =>
                File.ReadLines(file)
                    .Where(line => Regex.IsMatch(Code(line).Replace(Contract, "", StringComparison.Ordinal), forbidden))
                    .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")
            )
        );
    }

    [Fact]
    public void The_source_has_no_folder_for_odds_and_ends()
    {
        string[] odd = ["Utils", "Util", "Helpers", "Helper", "Common", "Internal", "Misc", "Shared"];

        var folders = Directory
            .GetDirectories(Path.Combine(RepositoryRoot.Path, "src"), "*", SearchOption.AllDirectories)
            .Select(folder => Path.GetFileName(folder)!);

        Assert.Empty(folders.Intersect(odd, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Names_say_the_domains_words()
    {
        var vague = Types.Where(type =>
            Regex.IsMatch(type.Name.Split('`')[0], "(Manager|Helper|Util|Utils|Impl|Base)$")
            && !type.Name.StartsWith('<')
            && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
        );

        Assert.Empty(vague);
    }

    [Fact]
    public void Time_is_read_from_a_TimeProvider_only()
    {
        var clocks = new Regex(@"DateTime(Offset)?\.(Utc)?Now|Stopwatch|Thread\.Sleep");

        var uses = Directory
            .GetFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Regex.IsMatch(file, @"[/\\](obj|bin|TokenAuth\.Testing)[/\\]"))
            .SelectMany(file =>
                File.ReadLines(file)
                    .Where(line => clocks.IsMatch(Code(line)))
                    .Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")
            );

        Assert.Empty(uses);
    }

    private static string Code(string line) => line.Split("//")[0];
}
