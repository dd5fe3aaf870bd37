namespace TokenAuth.Tests.Tenants;

public sealed class TenantNameTests
{
    [Fact]
    public void The_key_of_a_record_tells_all_names_apart_and_ignores_the_case_of_the_providers()
    {
        string[] tenants = ["a", "A", "a/../b", "'; drop table", "\ud800", "\ud801", "\udfff\ud800", "#d800", "=a"];

        var keys = tenants
            .Select(tenant => TenantStoreKey.For("voice", tenant))
            .Append(TenantStoreKey.For("other", "a"))
            .ToList();

        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key));
        Assert.Equal(keys[0], TenantStoreKey.For("VOICE", "a"));
    }

    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("a\r\nforged line", "a??forged line")]
    [InlineData("0123456789abcdef0123456789abcdef", "…")]
    public void A_message_shows_no_more_than_a_name(string tenant, string shown) =>
        Assert.Equal(shown, TenantName.Shown(tenant));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(65, TenantName.Shown(new string('é', 10_000)).Length);
}
