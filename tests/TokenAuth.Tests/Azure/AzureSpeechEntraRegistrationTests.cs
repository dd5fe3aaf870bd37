using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.Azure;

public sealed class AzureSpeechEntraRegistrationTests
{
    private const string Endpoint = "https://contoso.cognitiveservices.azure.com/";
    private const string ResourceId =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso";

    private const string NoCredential =
        "Provider 'speech' has no Azure credential: call .UseAzureCredential(services => new DefaultAzureCredential()) on AddTokenAuth(), or register a TokenCredential.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_registers_a_resource_and_its_credential()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddAzureSpeechEntra("speech", Configure)
            .UseAzureCredential(_ => new ScriptedCredential(TimeProvider.System, "e.n.t1"));

        Assert.Equal($"aad#{ResourceId}#e.n.t1", await TokenAsync(services));
    }

    [Fact]
    public async Task A_factory_that_fails_is_called_again_and_one_that_succeeds_is_not()
    {
        var calls = 0;
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddAzureSpeechEntra("speech", Configure)
            .AddAzureSpeechEntra("other", Configure)
            .UseAzureCredential(_ =>
                ++calls == 1
                    ? throw new TimeoutException("vault")
                    : new ScriptedCredential(TimeProvider.System, "e.n.t1")
            );
        await using var container = services.BuildServiceProvider();

        Assert.Throws<TimeoutException>(() => container.GetRequiredKeyedService<ITokenProvider>("speech"));
        foreach (var name in new[] { "speech", "other" })
            await container.GetRequiredKeyedService<ITokenProvider>(name).GetTokenAsync(Cancel);

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task The_containers_credential_serves_where_none_is_named()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TokenCredential>(new ScriptedCredential(TimeProvider.System, "e.n.t1"));
        services.AddTokenAuth().AddAzureSpeechEntra("speech", Configure);

        Assert.Equal($"aad#{ResourceId}#e.n.t1", await TokenAsync(services));
    }

    [Fact]
    public void Without_a_credential_the_start_stops()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth().AddAzureSpeechEntra("speech", Configure);
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Equal([NoCredential], error.Failures.Select(failure => failure.Trim()));
    }

    [Theory]
    [InlineData("Composite", $"aad#{ResourceId}#e.n.t1")]
    [InlineData("plain", "e.n.t1")]
    public async Task A_section_may_name_it(string form, string expected)
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth(Section(form))
            .UseAzureCredential(_ => new ScriptedCredential(TimeProvider.System, "e.n.t1"));

        Assert.Equal(expected, await TokenAsync(services));
    }

    [Fact]
    public void A_section_without_the_package_is_told_which_kinds_there_are()
    {
        var services = new ServiceCollection();
        services.AddTokenAuth(Section("Plain"));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Equal(
            "TokenAuth:speech:Provider is 'AzureSpeechEntra', which is no provider that is known; write AzureSpeech, or call the method of the package that brings this kind (of "
                + "TokenAuth.Azure, UseAzureCredential).",
            error.Failures.Single().Trim()
        );
    }

    [Fact]
    public void A_wrong_form_in_a_section_is_told_what_to_write()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth(Section("Bearer"))
            .UseAzureCredential(_ => new ScriptedCredential(TimeProvider.System, "e.n.t1"));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredKeyedService<ITokenProvider>("speech")
        );

        Assert.Equal(
            ["TokenAuth:speech:Form is no form that is known; write Composite, Plain or Exchanged."],
            error.Failures.Select(failure => failure.Trim())
        );
    }

    [Fact]
    public void Its_token_is_no_key()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddAzureSpeechEntra("speech", Configure)
            .UseAzureCredential(_ => new ScriptedCredential(TimeProvider.System, "e.n.t1"));
        services.AddHttpClient("tts").AddSubscriptionKey("speech");
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() =>
            provider.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Contains(
            "Azure takes a Microsoft Entra token as Authorization: Bearer alone (AddBearerToken, BearerTokenHandler).",
            error.Failures.Single(),
            StringComparison.Ordinal
        );
    }

    private static void Configure(AzureSpeechEntraOptions options)
    {
        options.Endpoint = new Uri(Endpoint);
        options.ResourceId = ResourceId;
    }

    private static IConfigurationSection Section(string form) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["TokenAuth:speech:Provider"] = "AzureSpeechEntra",
                    ["TokenAuth:speech:Endpoint"] = Endpoint,
                    ["TokenAuth:speech:ResourceId"] = ResourceId,
                    ["TokenAuth:speech:Form"] = form,
                }
            )
            .Build()
            .GetSection("TokenAuth");

    private static async Task<string> TokenAsync(IServiceCollection services)
    {
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();

        return (await provider.GetRequiredKeyedService<ITokenProvider>("speech").GetTokenAsync(Cancel)).Value;
    }
}
