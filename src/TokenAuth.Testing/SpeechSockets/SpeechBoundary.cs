using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TokenAuth.Testing;

/// <summary>A word, a punctuation mark or a sentence of a spoken text, and when it is heard.</summary>
internal sealed record SpeechBoundary(string Kind, string Text, TimeSpan Offset, TimeSpan Duration)
{
    public const string Word = "WordBoundary";
    public const string Punctuation = "PunctuationBoundary";
    public const string Sentence = "SentenceBoundary";

    private static readonly TimeSpan s_matching = TimeSpan.FromSeconds(1);
    private static readonly Regex s_sentences = new(@"[^\s.!?][^.!?]*[.!?]*", RegexOptions.None, s_matching);
    private static readonly Regex s_words = new(@"(?<word>[\w'’-]+)|[^\s\w]", RegexOptions.None, s_matching);

    /// <summary>All boundaries in the order in which they are heard: every character takes the same time.</summary>
    public static IEnumerable<SpeechBoundary> Of(string text, TimeSpan duration) =>
        s_sentences
            .Matches(text)
            .Select(match => Create(Sentence, match, text, duration))
            .Concat(
                s_words
                    .Matches(text)
                    .Select(match => Create(match.Groups["word"].Success ? Word : Punctuation, match, text, duration))
            )
            .OrderBy(boundary => boundary.Offset);

    public JsonObject ToMetadata() =>
        new()
        {
            ["Type"] = Kind == Sentence ? Sentence : Word,
            ["Data"] = new JsonObject
            {
                [nameof(Offset)] = Offset.Ticks,
                [nameof(Duration)] = Duration.Ticks,
                ["text"] = new JsonObject
                {
                    [nameof(Text)] = Text,
                    ["Length"] = Text.Length,
                    ["BoundaryType"] = Kind,
                },
            },
        };

    private static SpeechBoundary Create(string kind, Match match, string text, TimeSpan duration)
    {
        var said = match.Value.TrimEnd();
        return new(
            kind,
            said,
            duration * ((double)match.Index / text.Length),
            duration * ((double)said.Length / text.Length)
        );
    }
}
