using System.Text.RegularExpressions;

namespace TokenAuth.LeakTests;

/// <summary>
/// Searches what became visible for every secret, and for the first 24 characters of each, which VK Vision echoes.
/// </summary>
internal static class LeakScan
{
    private const int EchoedLength = 24;

    /// <summary>One line a secret, encoding and place; empty when nothing leaked.</summary>
    public static IReadOnlyList<string> Find(
        IEnumerable<Sighting> sightings,
        IReadOnlyDictionary<string, string> secrets
    )
    {
        var needles = secrets
            .SelectMany(secret =>
                SecretEncoding.All.SelectMany(encoding =>
                    new[] { secret.Value, Start(secret.Value) }
                        .SelectMany(encoding.Write)
                        .SelectMany(text => new[] { text, LowerHex(text) })
                        .Distinct(StringComparer.Ordinal)
                        .Select(text => (Secret: secret.Key, Encoding: encoding.Name, Text: text))
                )
            )
            .ToList();
#if NET9_0_OR_GREATER
        // Looks for all of them in one pass; which one it is matters only where there is one.
        var any = System.Buffers.SearchValues.Create(
            [.. needles.Select(needle => needle.Text)],
            StringComparison.Ordinal
        );
        sightings = sightings.Where(seen => seen.Text.AsSpan().ContainsAny(any));
#endif

        return
        [
            .. sightings
                .DistinctBy(seen => seen.Text, StringComparer.Ordinal)
                .SelectMany(seen =>
                    needles
                        .Where(needle => seen.Text.Contains(needle.Text, StringComparison.Ordinal))
                        .GroupBy(needle => needle.Secret)
                        .Select(found => $"{found.Key} as {found.First().Encoding} in {seen.Place}: {seen.Text}")
                ),
        ];
    }

    // %2F may also be written %2f, and hexadecimal digits in lower case.
    private static string LowerHex(string text) =>
        text.Contains('%', StringComparison.Ordinal)
            ? Regex.Replace(text, "%[0-9A-F]{2}", escaped => escaped.Value.ToLowerInvariant())
        : text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant()
        : text;

    private static string Start(string secret) => secret[..Math.Min(EchoedLength, secret.Length)];
}
