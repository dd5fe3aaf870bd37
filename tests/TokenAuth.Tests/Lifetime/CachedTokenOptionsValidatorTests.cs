namespace TokenAuth.Tests.Lifetime;

public sealed class CachedTokenOptionsValidatorTests
{
    private static readonly string s_longest = new('k', 128);

    public static TheoryData<string> Keys => ["a", "z", "0", "9", "-", "vk-2a9z-0", s_longest];

    public static TheoryData<string> WrongKeys =>
        ["", s_longest + "k", "`", "{", "/", ":", ".", "_", "A", "a b", "a/../b", "ключ"];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_store_key_of_the_allowed_characters_is_taken(string key)
    {
        Assert.Empty(Faults(new CachedTokenOptions { StoreKey = key }));
    }

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void Any_other_store_key_is_refused(string key)
    {
        Assert.Equal(
            [$"CachedTokenOptions.StoreKey is '{key}'; write 1 to 128 of the characters a-z, 0-9 and '-'."],
            Faults(new CachedTokenOptions { StoreKey = key })
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public void A_blank_name_is_refused(string name)
    {
        Assert.Equal(
            ["CachedTokenOptions.ProviderName is blank; leave it out or give the provider a name."],
            Faults(new CachedTokenOptions { ProviderName = name })
        );
    }

    [Fact]
    public void Nothing_has_to_be_set()
    {
        Assert.Empty(Faults(new CachedTokenOptions()));
        Assert.Empty(Faults(new CachedTokenOptions { ProviderName = "voice" }));
    }

    private static IEnumerable<string> Faults(CachedTokenOptions options) =>
        new CachedTokenOptionsValidator().Validate(name: null, options).Failures ?? [];
}
