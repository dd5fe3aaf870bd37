namespace TokenAuth.Tests.Handlers;

public sealed class TokenHandlerOptionsValidatorTests
{
    private const string HexKey = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Lists_that_are_null_are_an_error_each()
    {
        var options = new TokenHandlerOptions { AllowedHosts = null!, AllowHttp = null! };

        Assert.Equal(
            [
                "TokenHandlerOptions.AllowedHosts is null; leave it empty for the provider's own hosts.",
                "TokenHandlerOptions.AllowHttp is null; leave it empty for http on loopback only.",
            ],
            TokenHandlerOptionsValidator.Errors(options)
        );
    }

    [Theory]
    [Trait("Failure", "69")]
    [InlineData(HexKey)]
    [InlineData("5ZkV3bqTnL8xJw1RfDgYc0HsMaPe7uI2oB9tQ4vN6yXzCEAiJQQJ99BKACYeBjFXJ3w3AAAYACOGd1aB")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl")]
    public void A_secret_in_the_place_of_a_host_or_a_provider_is_refused_and_not_repeated(string secret)
    {
        var options = new TokenHandlerOptions
        {
            AllowedHosts = { secret },
            AllowHttp = { secret },
            OAuthProvider = secret,
        };

        Assert.Equal(
            [
                "An entry of AllowedHosts looks like a key or a token; write a host, for example 'api.example.com'.",
                "An entry of AllowHttp looks like a key or a token; write a host, for example 'api.example.com'.",
                "TokenHandlerOptions.OAuthProvider looks like a key or a token; VK Cloud Vision wants 'mcs'.",
            ],
            TokenHandlerOptionsValidator.Errors(options)
        );
    }

    [Theory]
    [InlineData(HexKey + ".internal.example")]
    [InlineData("." + HexKey + ".internal.example")]
    public void A_host_with_a_long_hexadecimal_label_is_a_host(string host)
    {
        Assert.Empty(TokenHandlerOptionsValidator.Errors(new() { AllowedHosts = { host } }));
    }
}
