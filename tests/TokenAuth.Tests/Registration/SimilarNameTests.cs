using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.Registration;

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
    [InlineData("RefreshTokenxyz", "RefreshToken")]
    [InlineData("RefreshTokenwxyz", null)] // more than three edits
    [InlineData("Cli", "ClientId")]
    [InlineData("Id", null)]
    public void A_misspelled_name_is_guessed(string given, string? meant) =>
        Assert.Equal(meant, SimilarName.Of(given, _known));

    [Theory]
    [InlineData("Tokn", "Token")]
    [InlineData("Tkn", null)]
    public void Of_a_short_name_a_third_may_be_wrong(string given, string? meant) =>
        Assert.Equal(meant, SimilarName.Of(given, ["Token"]));

    [Theory]
    [InlineData("PrimryKey", "PrimaryKey")]
    [InlineData("PrimryKeys", "PrimaryKeys")]
    public void Of_two_names_that_are_near_the_nearer_one_is_meant(string given, string meant)
    {
        Assert.Equal(meant, SimilarName.Of(given, ["PrimaryKey", "PrimaryKeys"]));
        Assert.Equal(meant, SimilarName.Of(given, ["PrimaryKeys", "PrimaryKey"]));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void What_is_very_long_is_not_compared(int letters, bool isGuessed)
    {
        var name = new string('a', letters);

        Assert.Equal(isGuessed ? name : null, SimilarName.Of(name, [name]));
    }
}
