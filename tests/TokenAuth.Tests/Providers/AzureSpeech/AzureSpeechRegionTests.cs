namespace TokenAuth.Tests.Providers.AzureSpeech;

public sealed class AzureSpeechRegionTests
{
    [Theory]
    [Trait("Failure", "37")]
    [InlineData("westeurope", true)]
    [InlineData("eastus2euap", true)]
    [InlineData("abc", true)]
    [InlineData("abcdefghijklmnopqrstuvwx", true)]
    [InlineData("abcdefghijklmnopqrstuvwxy", false)]
    [InlineData("ab", false)]
    [InlineData("7abc", false)]
    [InlineData("abc123", false)]
    [InlineData("7", false)]
    [InlineData("", false)]
    [InlineData("West Europe", false)]
    [InlineData("westeurope.evil", false)]
    [InlineData("westeurope/", false)]
    [InlineData("west-europe", false)]
    [InlineData("wésteurope", false)]
    [InlineData("westeurope\n", false)]
    [InlineData("ｗesteurope", false)] // full width
    [InlineData("٧", false)] // a digit elsewhere
    public void A_region_is_checked_by_its_syntax(string region, bool isGood) =>
        Assert.Equal(isGood, AzureSpeechRegion.IsWellFormed(region));
}
