using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>Whatever bytes a service answers: a refusal or none, in whatever pieces they arrive, never a platform exception.</summary>
[Trait("Failure", "23")]
public sealed class RejectionFuzzTests
{
    [Fact]
    public void Vision_s_refusal_is_the_one_that_the_platform_s_parser_finds()
    {
        var refusals = 0;

        Fuzz.Check(
            Answers("\"status\":401", "\"status\":\"401\"", "\"status\":200"),
            answer =>
            {
                var isRefusal = IsRefusal<VkVisionEnvelope>(answer.Body, answer.Piece);

                if (FirstStatus(answer.Body) is { } status)
                    Assert.Equal(status == 401, isRefusal);
                refusals += isRefusal ? 1 : 0;
            }
        );

        Assert.True(refusals > Fuzz.FewestToCount, $"Only {refusals} refusals were generated.");
    }

    [Fact]
    public void Voice_s_refusal_is_found_however_the_bytes_arrive()
    {
        var refusals = 0;

        Fuzz.Check(
            Answers("\"code\":4048", "\"error_code\":\"4048\"", "\"code\":4049"),
            answer => refusals += IsRefusal<VkVoiceErrorCode>(answer.Body, answer.Piece) ? 1 : 0
        );

        Assert.True(refusals > Fuzz.FewestToCount, $"Only {refusals} refusals were generated.");
    }

    private static Gen<(byte[] Body, int Piece)> Answers(params string[] members)
    {
        var objects =
            from json in GeneratedJson.Object("status", "code", "error")
            from member in Gen.Elements(members)
            from isFirst in Gen.Elements(true, false)
            select json.Length == 2 ? $"{{{member}}}"
            : isFirst ? $"{{{member},{json[1..]}"
            : $"{json[..^1]},{member}}}";

        return from answer in GeneratedJson.Encoded(objects)
            from piece in Gen.Choose(1, 20)
            select (answer.Body, piece);
    }

    private static bool IsRefusal<TRule>(byte[] body, int piece)
        where TRule : class, IRejectionRule, new()
    {
        var whole = Scanned<TRule>(body, Math.Max(body.Length, 1));

        Assert.Equal(whole, Scanned<TRule>(body, piece));

        return whole;
    }

    private static bool Scanned<TRule>(byte[] body, int piece)
        where TRule : class, IRejectionRule, new()
    {
        var scan = new RejectionScan(new TRule());
        for (var start = 0; start < body.Length && scan.Verdict is null; start += piece)
            scan.Continue(body.AsSpan(0, Math.Min(start + piece, body.Length)));

        return scan.Verdict is true;
    }

    // Zero: no status, or none that is a number. Null: no JSON in UTF-8, where nothing is promised.
    private static int? FirstStatus(byte[] body)
    {
        try
        {
            byte[] mark = [0xEF, 0xBB, 0xBF];
            using var json = JsonDocument.Parse(body.AsMemory(body.AsSpan().StartsWith(mark) ? mark.Length : 0));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return 0;

            var first = json.RootElement.EnumerateObject().FirstOrDefault();
            if (first.Value.ValueKind == JsonValueKind.Undefined || JsonValue.Name(first) != "status")
                return 0;

            var status = first.Value;

            return status.ValueKind switch
            {
                JsonValueKind.Number => status.TryGetInt32(out var number) ? number : 0,
                JsonValueKind.String => JsonValue.Text(status) == "401" ? 401 : 0,
                _ => 0,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
