using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.DependencyInjection.Configuration;

public sealed class SimilarNameTests
{
    private static readonly string[] _known = ["ClientId", "ClientSecret", "RefreshToken", "TokenEndpoint"];

    [Theory]
    [InlineData("ClientSecrett", "ClientSecret")]
    [InlineData("client_secret", "ClientSecret")]
    [InlineData("Client-Id", "ClientId")]
    [InlineData("CilentId", "ClientId")]
    [InlineData("Secret", "ClientSecret")]
    [InlineData("Endpoint", "TokenEndpoint")]
    [InlineData("RefreshTokens", "RefreshToken")]
    [InlineData("Region", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("::", null)]
    public void A_misspelled_name_is_guessed(string given, string? meant) =>
        Assert.Equal(meant, SimilarName.Of(given, _known));
}
