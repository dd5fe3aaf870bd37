using System.Reflection;
using System.Text.RegularExpressions;

namespace TokenAuth.Tests.Architecture;

/// <summary>Whoever gets a code finds it on the page that explains it.</summary>
public sealed class HelpCodeTests
{
    private static readonly string _page = File.ReadAllText(
        Path.Combine(RepositoryRoot.Path, "docs", "troubleshooting.md")
    );

    private static IReadOnlyList<string> Codes =>
        [
            .. new[] { typeof(AccessToken), typeof(AzureSpeechEntraOptions) }
                .SelectMany(type => StaticFields(type.Assembly))
                .Where(code => code.FieldType.Name == "HelpCode")
                .Select(code => code.GetValue(null)!.ToString()!),
#if !NETSTANDARD_ASSEMBLY
            .. StaticFields(typeof(SpeechTokenProblem).Assembly)
                .Where(code => code.FieldType == typeof(SpeechTokenProblem))
                .Select(code => ((SpeechTokenProblem)code.GetValue(null)!).Type["urn:tokenauth:".Length..]),
#endif
        ];

    [Fact]
    public void Codes_are_words_with_hyphens_and_each_is_one_cause()
    {
        Assert.True(Codes.Count > 40);
        Assert.All(Codes, code => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", code));
        Assert.Equal(Codes.Distinct(), Codes);
    }

    [Fact]
    public void Every_code_is_an_anchor_of_the_page_and_the_page_has_no_other()
    {
        var anchors = Regex.Matches(_page, "<a id=\"([^\"]+)\">").Select(match => match.Groups[1].Value);

        Assert.Equal(Codes.Order(StringComparer.Ordinal), anchors.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<FieldInfo> StaticFields(Assembly assembly) =>
        assembly
            .GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic));
}
