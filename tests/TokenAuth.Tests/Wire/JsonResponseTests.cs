namespace TokenAuth.Tests.Wire;

public sealed class JsonResponseTests
{
    [Theory]
    [Trait("Failure", "5")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":NaN}")]
    public void What_is_not_JSON_is_a_fault(string text)
    {
        Assert.Null(JsonResponse.Read(text, ["a"], out var fault));
        Assert.Equal("answered with something that is not JSON", fault);
    }

    [Theory]
    [Trait("Failure", "5")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[{\"a\":1}]")]
    [InlineData("\"a\"")]
    [InlineData("42")]
    [InlineData("true")]
    public void JSON_that_is_no_object_is_a_fault(string text)
    {
        Assert.Null(JsonResponse.Read(text, ["a"], out var fault));
        Assert.Equal("answered with JSON that is no object", fault);
    }

    [Theory]
    [Trait("Failure", "5")]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Depth_is_a_fault_and_not_a_stack_overflow(char open, char close)
    {
        const int depth = 100_000;
        var text =
            open == '['
                ? new string(open, depth) + new string(close, depth)
                : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string(close, depth);

        Assert.Null(JsonResponse.Read(text, ["a"], out var fault));
        Assert.Equal("answered with something that is not JSON", fault);
    }

    [Theory]
    [Trait("Failure", "6")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"c\":4,\"a\":1}")]
    [InlineData("{\"a\":1,\"b\":2,\"\\u0061\":3}")] // the same name, escaped
    public void A_repeated_known_member_is_a_fault(string text)
    {
        var reply = JsonResponse.Read(text, ["a", "c"], out var fault);

        Assert.Equal("answered with the member 'a' twice", fault);
        Assert.Null(reply!.Value("a"));
    }

    [Fact]
    public void A_name_that_is_half_a_surrogate_pair_is_an_unknown_one() =>
        Assert.Equal("1", Read("{\"\\ud800\":1,\"a\":\"1\"}").Text("a"));

    [Fact]
    public void A_repeated_unknown_member_is_not() => Assert.NotNull(Read("{\"x\":1,\"x\":2,\"a\":\"1\"}"));

    [Theory]
    [InlineData("{\"a\":\"text\"}", "text")]
    [InlineData("{\"a\":\"\"}", null)]
    [InlineData("{\"a\":null}", null)]
    [InlineData("{\"a\":1}", null)]
    [InlineData("{\"a\":[\"text\"]}", null)]
    [InlineData("{\"A\":\"text\"}", null)]
    [InlineData("{\"a\":\"\\ud800\"}", null)] // half a surrogate pair
    [InlineData("{}", null)]
    public void A_text_is_a_string_that_is_not_empty(string text, string? expected) =>
        Assert.Equal(expected, Read(text).Text("a"));

    [Theory]
    [Trait("Failure", "8")]
    [InlineData("\"3600\"", 3600.0)]
    [InlineData("3600", 3600.0)]
    [InlineData("3600.0", 3600.0)]
    [InlineData("3.6e3", 3600.0)]
    [InlineData("\"3.6e3\"", 3600.0)]
    [InlineData("\" 3600 \"", 3600.0)]
    [InlineData("1e308", 1e308)]
    [InlineData("1e309", double.PositiveInfinity)]
    [InlineData("\"abc\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("\"-1\"", null)]
    [InlineData("-1e309", null)]
    [InlineData("\"NaN\"", null)]
    [InlineData("\"3,600\"", null)]
    [InlineData("\"0x10\"", null)]
    [InlineData("true", null)]
    [InlineData("{}", null)]
    [InlineData("[3600]", null)]
    [InlineData("\"\\ud800\"", null)]
    public void Seconds_are_a_positive_number_however_written(string json, double? expected) =>
        Assert.Equal(expected, Read($"{{\"a\":{json}}}").Seconds("a"));

    [Theory]
    [InlineData("{\"tts\":1,\"asr\":1}", "tts,asr")]
    [InlineData("[\"tts\",\"asr\",1,null]", "tts,asr")]
    [InlineData("\"tts  asr\"", "tts,asr")]
    [InlineData("\"\"", "")]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    [InlineData("1", "")]
    [InlineData("\"\\ud800\"", "")]
    [InlineData("[\"\\ud800\",\"tts\"]", "tts")]
    [InlineData("{\"\\ud800\":1,\"tts\":1}", "tts")]
    public void Scopes_are_names_however_written(string json, string expected) =>
        Assert.Equal(expected, string.Join(",", Read($"{{\"a\":{json}}}").Names("a")));

    private static JsonResponse Read(string text)
    {
        var reply = JsonResponse.Read(text, ["a"], out var fault);

        Assert.Null(fault);
        return reply!;
    }
}
