#if NETSTANDARD_ASSEMBLY
using System.Text.RegularExpressions;
#else
using TokenAuth.Testing;
#endif

namespace TokenAuth.Tests.Architecture;

public sealed class PublicSurfaceTests
{
    private static readonly string _folder = Path.Combine(
        RepositoryRoot.Path,
        "tests",
        "TokenAuth.Tests",
        "Architecture"
    );
    private static readonly string _approved = Path.Combine(_folder, "PublicSurface.approved.txt");

#if NETSTANDARD_ASSEMBLY
    [Fact]
    public void For_netstandard_it_is_the_same_without_files_sealing_and_synchronous_sending()
    {
        string[] without =
        [
            "class FileTokenStore",
            "class TokenAuthFileStoreExtensions",
            "class TokenRecordSealer",
            "class TokenStoreOptions",
        ];
        var approved = File.ReadAllText(_approved)
            .Replace(
                "        protected override System.Net.Http.HttpResponseMessage Send(System.Net.Http.HttpRequestMessage request, System.Threading.CancellationToken cancellationToken) { }\n",
                "",
                StringComparison.Ordinal
            );

        Assert.Equal(
            Types(approved.Split("// Package ")[1])
                .Where(type => !without.Any(name => type.Contains(name, StringComparison.Ordinal))),
            Types(PublicSurface.Of(typeof(AccessToken).Assembly))
        );
    }

    /// <summary>Each type of a namespace: what stands between its indented first line and its indented brace.</summary>
    private static IEnumerable<string> Types(string surface) =>
        Regex
            .Matches(surface, @"^    [^\s}].*?^    }$", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(type => type.Value);
#else
    private static readonly string _received = Path.Combine(_folder, "PublicSurface.received.txt");

    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var surface = PublicSurface.Of(
            typeof(AccessToken).Assembly,
            typeof(SpeechTokenEndpointOptions).Assembly,
            typeof(AzureSpeechEntraOptions).Assembly,
            typeof(PostgresTokenStore).Assembly,
            typeof(RedisTokenStore).Assembly,
            typeof(ManualTimeProvider).Assembly
        );
        var approved = File.Exists(_approved) ? File.ReadAllText(_approved) : "";
        if (surface == approved)
            return;

        File.WriteAllText(_received, surface);

        var before = Located(approved).ToList();
        var after = Located(surface).ToList();
        Assert.Fail(
            $"The public surface changed. If that is meant: mv {_received} {_approved}\n"
                + string.Join('\n', before.Except(after).Select(line => "- " + line))
                + "\n"
                + string.Join('\n', after.Except(before).Select(line => "+ " + line))
        );
    }

    /// <summary>Each line, a member's line after its type: which would not say whose it is.</summary>
    private static IEnumerable<string> Located(string surface)
    {
        var type = "";
        foreach (var line in surface.Split('\n'))
        {
            if (line.StartsWith("    public ", StringComparison.Ordinal))
                type = line.Split(" : ")[0].Trim();
            var isMember = line.StartsWith("        ", StringComparison.Ordinal);
            yield return isMember ? $"{type}: {line.Trim()}" : line.Trim();
        }
    }
#endif
}
