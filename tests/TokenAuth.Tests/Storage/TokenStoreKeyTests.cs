namespace TokenAuth.Tests.Storage;

public sealed class TokenStoreKeyTests
{
    private static readonly Uri _endpoint = new("https://mcs.mail.ru/auth/oauth/v1/token");

    [Fact]
    public void The_key_stays_the_same_from_one_version_to_the_next()
    {
        var key = TokenStoreKey.For("vk", _endpoint, "mcs0000.voice.example");

        Assert.Equal("6fa3e47ed3aa66cf4ded974c3d5c57c32f880d948eba2cf1ce60d0b95f42d850", key);
    }

    [Theory]
    [InlineData("vk2", "https://mcs.mail.ru/auth/oauth/v1/token", "mcs0000.voice.example")]
    [InlineData("vk", "https://mcs.mail.ru/auth/oauth/v2/token", "mcs0000.voice.example")]
    [InlineData("vk", "https://mcs.mail.ru/auth/oauth/v1/token", "mcs0000.vision.example")]
    [InlineData("v", "https://mcs.mail.ru/auth/oauth/v1/token", "kmcs0000.voice.example")]
    public void Another_vendor_endpoint_or_client_has_another_key(string vendor, string endpoint, string clientId)
    {
        var key = TokenStoreKey.For(vendor, new Uri(endpoint), clientId);

        Assert.NotEqual(TokenStoreKey.For("vk", _endpoint, "mcs0000.voice.example"), key);
    }

    [Fact]
    public void Nothing_may_be_left_out()
    {
        Assert.Throws<ArgumentNullException>("vendor", () => TokenStoreKey.For(null!, _endpoint, "client"));
        Assert.Throws<ArgumentNullException>("endpoint", () => TokenStoreKey.For("vk", null!, "client"));
        Assert.Throws<ArgumentNullException>("clientId", () => TokenStoreKey.For("vk", _endpoint, null!));
    }

    [Fact]
    public void A_computed_key_is_valid() => TokenStoreKey.Validate(TokenStoreKey.For("vk", _endpoint, "client"));

    [Theory]
    [InlineData("")]
    [InlineData("../etc/passwd")]
    [InlineData("ABC")]
    [InlineData("a b")]
    [InlineData("a.lock")]
    [InlineData("é")]
    public void A_key_that_is_no_plain_file_name_is_refused(string key)
    {
        var error = Assert.Throws<ArgumentException>(() => TokenStoreKey.Validate(key));

        Assert.StartsWith(
            "A store key has 1 to 128 characters of a-z, 0-9 and '-'; this one does not.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void No_key_is_refused_as_such() =>
        Assert.Throws<ArgumentNullException>("key", () => TokenStoreKey.Validate(null!));

    [Theory]
    [InlineData('a', true)]
    [InlineData('z', true)]
    [InlineData('0', true)]
    [InlineData('9', true)]
    [InlineData('-', true)]
    [InlineData('`', false)]
    [InlineData('{', false)]
    [InlineData('/', false)]
    [InlineData(':', false)]
    public void A_key_is_of_small_letters_digits_and_hyphens(char letter, bool valid) =>
        Assert.Equal(valid, TokenStoreKey.IsValid(letter.ToString()));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_key_has_at_most_128_characters(int length, bool valid)
    {
        var error = Record.Exception(() => TokenStoreKey.Validate(new string('a', length)));

        Assert.Equal(valid, error is null);
    }
}
