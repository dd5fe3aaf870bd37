using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.IntegrationTests.AspNetCore;

/// <summary>A wrong registration stops the start, with the line that is wrong in the stack.</summary>
public sealed class SpeechTokenRegistrationTests
{
    [Theory]
    [InlineData("vk")]
    [InlineData("static")]
    [InlineData("key")]
    [InlineData("own")]
    public async Task Only_Azure_Speechs_own_tokens_are_handed_out(string provider)
    {
        await using var app = Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapSpeechToken("/t", provider));

        Assert.Equal(
            $"MapSpeechToken(\"/t\", \"{provider}\") hands out only what a browser may have, Azure Speech's own tokens of ten minutes, and token provider '{provider}' has no "
                + "such tokens: a VK Cloud token, a fixed token, a key, an Entra token or one with the scope speechservicesmanagement opens more. Name a provider that AddAzureSpeech registers.",
            error.Message
        );
    }

    [Fact]
    public async Task An_unknown_name_lists_the_known_ones()
    {
        await using var app = Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapSpeechToken("/t", "speach"));

        Assert.Equal(
            "MapSpeechToken(\"/t\", \"speach\"): No token provider is named 'speach'; the registered ones are 'key', 'own', 'speech', 'static', 'vk'.",
            error.Message
        );
    }

    [Fact]
    public async Task Names_ignore_case()
    {
        await using var app = Build();

        app.MapSpeechToken("/t", "SPEECH");
    }

    [Fact]
    public async Task Without_TokenAuth_it_says_what_to_register()
    {
        var builder = WebApplication.CreateBuilder();
        await using var app = builder.Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapSpeechToken("/t", "speech"));

        Assert.Equal(
            "MapSpeechToken(\"/t\", \"speech\") finds no TokenAuth in the container. Register it first: "
                + "builder.Services.AddTokenAuth().AddAzureSpeech(\"speech\", …).",
            error.Message
        );
    }

    [Fact]
    public async Task Wrong_options_are_named()
    {
        await using var app = Build();

        var error = Assert.Throws<OptionsValidationException>(() =>
            app.MapSpeechToken(
                "/t",
                "speech",
                o =>
                {
                    o.MinimumRemaining = TimeSpan.FromMinutes(9);
                    o.Shape = (SpeechTokenShape)7;
                }
            )
        );

        Assert.Equal(
            [
                "MapSpeechToken(\"/t\", \"speech\"): MinimumRemaining is 00:09:00; write a time from zero to eight minutes: a token lives ten.",
                "MapSpeechToken(\"/t\", \"speech\"): Shape is 7; write Json, WebChat or Text.",
            ],
            error.Failures
        );
    }

    [Fact]
    public async Task Tenant_and_tenants_go_together()
    {
        await using var app = Build(tokens =>
            tokens
                .AddAzureSpeechTenants("customers", (_, _, _) => new((AzureSpeechOptions?)null))
                .AddVkCloudTenants("voices", (_, _, _) => new((VkCloudOptions?)null))
        );

        var none = Assert.Throws<InvalidOperationException>(() =>
            app.MapSpeechToken("/t", "speech", o => o.Tenant = _ => "acme")
        );
        var unsaid = Assert.Throws<InvalidOperationException>(() => app.MapSpeechToken("/t", "customers"));
        var others = Assert.Throws<InvalidOperationException>(() =>
            app.MapSpeechToken("/t", "voices", o => o.Tenant = _ => "acme")
        );

        var misspelt = Assert.Throws<InvalidOperationException>(() =>
            app.MapSpeechToken("/t", "custommers", o => o.Tenant = _ => "acme")
        );

        Assert.Equal(
            "MapSpeechToken(\"/t\", \"custommers\"): No token provider is named 'custommers'; the registered ones are 'customers', 'key', 'own', 'speech', "
                + "'static', 'vk', 'voices'.",
            misspelt.Message
        );
        Assert.Equal(
            "MapSpeechToken(\"/t\", \"speech\"): Tenant is set, but token provider 'speech' has no tenants; leave it out.",
            none.Message
        );
        Assert.Equal(
            "MapSpeechToken(\"/t\", \"customers\"): token provider 'customers' has tenants, and nothing says whose token a caller gets. Set Tenant, for "
                + "example o => o.Tenant = context => context.User.FindFirstValue(\"tenant\").",
            unsaid.Message
        );
        Assert.StartsWith(
            "MapSpeechToken(\"/t\", \"voices\") hands out only what a browser may have",
            others.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(480, true)]
    [InlineData(481, false)]
    public async Task The_minimum_is_from_zero_to_eight_minutes(int seconds, bool isRight)
    {
        await using var app = Build();

        var error = Record.Exception(() =>
            app.MapSpeechToken("/t", "speech", o => o.MinimumRemaining = TimeSpan.FromSeconds(seconds))
        );

        Assert.Equal(isRight, error is null);
    }

    private static WebApplication Build(Action<TokenAuthBuilder>? more = null)
    {
        var builder = WebApplication.CreateBuilder();
        var tokens = builder
            .Services.AddTokenAuth()
            .AddVkCloud("vk", o => (o.ClientId, o.ClientSecret) = ("mcs.voice", "secret"))
            .AddAzureSpeech("speech", o => (o.Region, o.SubscriptionKey) = ("westeurope", "key"))
            .AddStaticToken("static", "token")
            .AddProvider("key", _ => new SubscriptionKeyProvider("key"))
            .AddProvider("own", _ => new CachedTokenProvider(new ScriptedSource(TimeProvider.System)));
        more?.Invoke(tokens);

        return builder.Build();
    }
}
