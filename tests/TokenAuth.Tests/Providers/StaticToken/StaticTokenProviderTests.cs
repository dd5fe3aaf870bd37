using System.Net;
using System.Text.Json;

namespace TokenAuth.Tests.Providers.StaticToken;

public sealed class StaticTokenProviderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fixed_token_does_not_expire_and_survives_a_refusal()
    {
        var provider = new StaticTokenProvider("service-token");
        var token = await provider.GetTokenAsync(Cancel);

        provider.Invalidate(token);

        Assert.Equal("service-token", token.Value);
        Assert.Null(token.ExpiresAt);
        Assert.Same(token, await provider.GetTokenAsync(Cancel));
        Assert.False(await provider.IsRejectedAsync(new HttpResponseMessage(HttpStatusCode.Unauthorized), Cancel));
        Assert.Empty(provider.AllowedHosts);
    }

    [Fact]
    [Trait("Failure", "37")]
    public void No_token_is_preset() =>
        Assert.Equal(
            ["StaticTokenOptions.Token is missing; give the token that the console issued."],
            StaticTokenOptionsValidator.Errors(new StaticTokenOptions())
        );

    [Theory]
    [Trait("Failure", "9")]
    [Trait("Failure", "37")]
    [InlineData("", "The token is empty; give the one that the vendor issued. (Parameter 'value')")]
    [InlineData(
        "service-token\n",
        "The token has white space around it (a line break from a file or a copy?); remove it. (Parameter 'value')"
    )]
    [InlineData(
        "a b",
        "The token has the character U+0020 at position 1; only U+0021 to U+007E are allowed. (Parameter 'value')"
    )]
    public void A_token_that_a_header_cannot_carry_is_refused_and_not_shown(string token, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new StaticTokenProvider(token)).Message);

    [Fact]
    [Trait("Failure", "46")]
    public void It_prints_and_serializes_without_its_token()
    {
        var provider = new StaticTokenProvider("hidden-token");

        Assert.Equal("StaticTokenProvider", provider.ToString());
        Assert.DoesNotContain("hidden", JsonSerializer.Serialize(provider));
    }
}
