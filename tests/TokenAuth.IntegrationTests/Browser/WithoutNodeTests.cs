using Browser;

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>Without the npm package the page says so, and asks the vendor's site for the SDK.</summary>
public sealed class WithoutNodeTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_failed_installation_is_a_message_and_the_page_opens()
    {
        var folder = Directory.CreateTempSubdirectory("tokenauth-npm-");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "package-lock.json"),
            "{}",
            TestContext.Current.CancellationToken
        );
        var packages = await NodePackages.InstallAsync(folder.FullName, TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        var context = await chromium.NewContextAsync();

        await using var host = await SpeechPageHost.StartAsync(packages);
        await using var visit = await SpeechPageVisit.OpenAsync(host, context);

        Assert.Contains("npm", packages.Problem, StringComparison.Ordinal);
        Assert.Equal("The Speech SDK comes from the vendor's site: " + packages.Problem, await visit.TextAsync("#sdk"));
        Assert.Equal(
            "error: The Speech SDK cannot be loaded from https://aka.ms/csspeech/jsbrowserpackageraw.",
            await visit.StatusAsync()
        );
    }
}
