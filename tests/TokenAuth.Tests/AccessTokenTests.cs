using System.Text.Json;

namespace TokenAuth.Tests;

public sealed class AccessTokenTests
{
    private static readonly DateTimeOffset _at = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [Trait("Failure", "9")]
    [InlineData(1)]
    [InlineData(16_384)]
    public void A_value_of_every_allowed_length_is_kept(int length) =>
        Assert.Equal(length, new AccessToken(new string('a', length)).Value.Length);

    [Fact]
    [Trait("Failure", "9")]
    public void Every_visible_ASCII_character_is_allowed_and_no_other_one()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var text = "a" + (char)c + "b";

            if (c is >= 0x21 and <= 0x7E)
                Assert.Equal(text, new AccessToken(text).Value);
            else
                Assert.Throws<ArgumentException>(() => new AccessToken(text));
        }
    }

    [Theory]
    [Trait("Failure", "9")]
    [InlineData(null, "The token is empty; give the one that the vendor issued. (Parameter 'value')")]
    [InlineData("", "The token is empty; give the one that the vendor issued. (Parameter 'value')")]
    [InlineData(
        "hidden\n",
        "The token has white space around it (a line break from a file or a copy?); remove it. (Parameter 'value')"
    )]
    [InlineData(
        "hid\r\nden",
        "The token has the character U+000D at position 3; only U+0021 to U+007E are allowed. (Parameter 'value')"
    )]
    [InlineData(
        "hidden\0",
        "The token has the character U+0000 at position 6; only U+0021 to U+007E are allowed. (Parameter 'value')"
    )]
    [InlineData(
        "hidden😀",
        "The token has the character U+D83D at position 6; only U+0021 to U+007E are allowed. (Parameter 'value')"
    )]
    public void A_refused_value_is_not_shown(string? value, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new AccessToken(value!)).Message);

    [Fact]
    [Trait("Failure", "9")]
    public void A_value_that_is_too_long_is_refused()
    {
        Assert.Equal(
            "The token has 16385 characters; at most 16384 are allowed. (Parameter 'value')",
            Assert.Throws<ArgumentException>(() => new AccessToken(new string('a', 16_385))).Message
        );
        Assert.Throws<ArgumentException>(() => new AccessToken(new string('a', 1024 * 1024)));
    }

    [Fact]
    public void What_a_request_carries_is_made_once_a_token()
    {
        var token = new AccessToken("a+b");

        Assert.Equal(("Bearer a+b", "a%2Bb"), (token.BearerHeader, token.QueryValue));
        Assert.Same(token.BearerHeader, token.BearerHeader);
        Assert.Same(token.QueryValue, token.QueryValue);
    }

    [Fact]
    [Trait("Failure", "46")]
    public void It_prints_and_serializes_without_its_value()
    {
        Assert.Equal(
            "AccessToken (expires 2026-01-01T12:00:00.0000000+00:00)",
            new AccessToken("hidden", _at).ToString()
        );
        Assert.Equal("AccessToken (does not expire)", new AccessToken("hidden").ToString());
        Assert.Equal("""{"ExpiresAt":null}""", JsonSerializer.Serialize(new AccessToken("hidden")));
        Assert.Equal("""[{"ExpiresAt":null}]""", JsonSerializer.Serialize<object[]>([new AccessToken("hidden")]));
    }
}
