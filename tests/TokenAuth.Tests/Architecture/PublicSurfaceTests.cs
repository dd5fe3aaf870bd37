#if !NETSTANDARD_ASSEMBLY
using TokenAuth.Testing;
#endif

namespace TokenAuth.Tests.Architecture;

public sealed class PublicSurfaceTests
{
    private static readonly string _approved = Path.Combine(
        RepositoryRoot.Path,
        "tests",
        "TokenAuth.Tests",
        "Architecture",
        "PublicSurface.approved.txt"
    );

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
                "    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)\n",
                "",
                StringComparison.Ordinal
            );

        Assert.Equal(
            Types(approved.Split("// Package ")[1])
                .Where(type => !without.Any(name => type.Contains(name, StringComparison.Ordinal))),
            Types(PublicSurface.Of(typeof(AccessToken).Assembly))
        );
    }

    private static IEnumerable<string> Types(string surface) =>
        surface.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(type => type.Trim());
#else
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

        var received = _approved.Replace(".approved.", ".received.", StringComparison.Ordinal);
        File.WriteAllText(received, surface);

        var before = approved.Split('\n');
        var after = surface.Split('\n');
        Assert.Fail(
            $"The public surface changed. If that is meant, put {Path.GetFileName(received)} in the place of {Path.GetFileName(_approved)}.\n"
                + string.Join('\n', before.Except(after).Select(line => "- " + line))
                + "\n"
                + string.Join('\n', after.Except(before).Select(line => "+ " + line))
        );
    }
#endif
}
