using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>JSON as an endpoint may write it, well-formed but not well-behaved.</summary>
internal static class GeneratedJson
{
    private static readonly string[] _leaves =
    [
        "null",
        "true",
        "0",
        "-1",
        "3600",
        "3.6e3",
        "1e400",
        "-1e400",
        "0.0000001",
        "9223372036854775808",
        "\"\"",
        "\"3600\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"token\"",
        "\"eyJ.a-b_c\"",
        "\"to ken\"",
        "\"token\\n\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "{}",
        "[]",
    ];

    private static readonly string[] _strangeNames = ["\\ud800", "", "a", "access\\u005ftoken", "Access_Token"];

    /// <summary>An object most of whose members have these names.</summary>
    public static Gen<string> Object(params string[] names) => Object([.. names, .. names, .. _strangeNames], depth: 3);

    /// <summary>In an encoding and with the charset that goes with it, or with another one.</summary>
    public static Gen<(byte[] Body, string? Charset)> Encoded(Gen<string> texts) =>
        from text in texts
        from encoding in Gen.Elements<Encoding>(
            new UTF8Encoding(false),
            new UTF8Encoding(false),
            new UTF8Encoding(true),
            new UnicodeEncoding(false, true),
            new UnicodeEncoding(true, true),
            Encoding.Latin1
        )
        from body in Gen.Constant((byte[])[.. encoding.GetPreamble(), .. encoding.GetBytes(text)]).Spoilt()
        from charset in Gen.Elements(
            null,
            null,
            "utf-8",
            "\"UTF-8\"",
            "utf-16",
            "utf-16be",
            "iso-8859-1",
            "koi8-r",
            "",
            "\"",
            "\0"
        )
        select (body, charset);

    private static Gen<string> Object(string[] names, int depth)
    {
        var member = from name in Gen.Elements(names) from value in Value(names, depth) select $"\"{name}\":{value}";

        return from count in Gen.Choose(0, 5)
            from members in member.ArrayOf(count)
            select $"{{{string.Join(",", members)}}}";
    }

    private static Gen<string> Value(string[] names, int depth)
    {
        var leaf = Gen.Elements(_leaves);
        if (depth == 0)
            return leaf;

        var list = from items in Value(names, depth - 1).ArrayOf(2) select $"[{string.Join(",", items)}]";

        return Gen.Frequency((8, leaf), (1, list), (1, Object(names, depth - 1)));
    }
}
