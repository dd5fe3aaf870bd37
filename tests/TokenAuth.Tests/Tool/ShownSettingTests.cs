using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class ShownSettingTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly ApplicationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ClientSecret", "xGGZ8wqnJ3kM5pQ2", "16 characters, fingerprint 4b878e1f")]
    [InlineData("ClientSecrt", "xGGZ8wqnJ3kM5pQ2", "16 characters, fingerprint 4b878e1f")] // a misspelled one
    [InlineData("ClientSecret", "short", "5 characters")] // a fingerprint would confirm a guess
    [InlineData("SubscriptionKey", "", "empty")]
    [InlineData("Region", Key, "32 characters, fingerprint 3eb1bd43")]
    [InlineData("ClientId", "xGGZ8wqnJ3kM5pQ2", "16 characters, fingerprint 4b878e1f")]
    [InlineData("ClientId", "mcs0000000000.voice.emulator", "mcs0000000000.voice.emulator")]
    [InlineData("TokenEndpoint", "https://user:pass@host.example/path?key=1", "https://host.example/path")]
    [InlineData("TokenEndpoint", "https://host.example/" + Key, "53 characters, fingerprint ")]
    [InlineData("Region", "westeurope", "westeurope")]
    [InlineData("ReuseFor", "00:08:30", "00:08:30")]
    [InlineData("Directory", "/var/lib/app/tokens", "/var/lib/app/tokens")]
    public void Only_what_is_known_to_be_no_secret_is_shown_in_full(string name, string value, string shown)
    {
        _folder.With("appsettings.json", $$"""{ "TokenAuth": { "x": { "{{name}}": "{{value}}" } } }""");
        var settings = ApplicationSettings.ReadFrom(new SettingsRequest { Project = _folder.Path });

        var setting = Assert.Single(ShownSetting.Below(settings.Section.GetSection("x"), settings));

        Assert.Equal(name, setting.Name);
        Assert.StartsWith(shown, setting.Shown, StringComparison.Ordinal);
        Assert.Equal("appsettings.json line 1", setting.From);
    }

    [Fact]
    public void What_others_wrote_moves_no_cursor() =>
        Assert.Equal("a\uFFFD[2Jb\uFFFD\nc", PlainText.Of("a\u001b[2Jb\u202e\nc"));
}
