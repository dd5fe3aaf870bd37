using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tests.DependencyInjection;

public sealed class SettingMessagesTests
{
    [Theory]
    [InlineData("…")]
    [InlineData("...")]
    [InlineData("mcs….voice.…")]
    [InlineData("<your key>")]
    [InlineData("<key>")]
    [InlineData("${VK_SECRET}")]
    [InlineData("$(VkSecret)")]
    [InlineData("{{ vk_secret }}")]
    [InlineData("#{VkSecret}#")]
    [InlineData("%VK_SECRET%")]
    [InlineData("__VK_SECRET__")]
    [InlineData("changeme")]
    [InlineData("CHANGE_ME")]
    [InlineData("replace-me")]
    [InlineData("TODO")]
    [InlineData("xxxx")]
    [InlineData("****")]
    [InlineData("YOUR_CLIENT_SECRET")]
    [InlineData("your-key")]
    [InlineData("your subscription key")]
    [InlineData("insert-key-here")]
    [InlineData("placeholder")]
    public void A_placeholder_that_was_left_is_told(string placeholder)
    {
        foreach (
            var (kind, setting, remedy) in new[]
            {
                ("VkCloud", "ClientId", "copy it from the VK Cloud console"),
                ("VkCloud", "ClientSecret", "copy it from the VK Cloud console"),
                ("VkCloud", "RefreshToken", "set it to one that was issued earlier, or leave it out"),
                ("AzureSpeech", "SubscriptionKey", "copy a key from the resource's page in the Azure portal"),
                (
                    "AzureSpeech",
                    "SecondaryKey",
                    "leave it out, or copy a key from the resource's page in the Azure portal"
                ),
                ("StaticToken", "Token", "give the token that the console issued"),
            }
        )
            Assert.Equal(
                [$"TokenAuth:p:{setting} is still a placeholder; {remedy}."],
                StartErrors(kind, setting, placeholder)
            );

        Assert.Equal(
            ["TokenAuth:p:Region is still a placeholder; write the resource's region, for example 'westeurope'."],
            StartErrors("AzureSpeech", "Region", placeholder)
        );
    }

    [Theory]
    [InlineData("todo-service-7f3a")]
    [InlineData("xK9$aB{c}")]
    [InlineData("yourselfkey")]
    [InlineData("a<b>c")]
    [InlineData("100%sure%")]
    [InlineData("key")]
    [InlineData("secret")]
    [InlineData("my.changeme.id")]
    public void A_secret_that_only_resembles_one_is_taken(string secret) =>
        Assert.Empty(StartErrors("StaticToken", "Token", secret));

    [Theory]
    [InlineData("https://….api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    [InlineData("https://<region>.api.cognitive.microsoft.com/sts/v1.0/issueToken")]
    [InlineData("<endpoint>")]
    public void A_placeholder_in_an_address_is_told(string address) =>
        Assert.Equal(
            ["TokenAuth:p:TokenEndpoint is still a placeholder; write the whole address, with https://."],
            StartErrors("AzureSpeech", "TokenEndpoint", address)
        );

    [Theory]
    [InlineData("Bearer t-1")]
    [InlineData("bearer t-1")]
    [InlineData("Authorization: Bearer t-1")]
    public void A_token_with_its_scheme_in_front_is_told(string token)
    {
        const string Fault = "begins with 'Bearer', which the handler adds; write the token alone";

        Assert.Equal([$"TokenAuth:p:Token {Fault}."], StartErrors("StaticToken", "Token", token));
        Assert.StartsWith(
            $"The token {Fault}.",
            Assert.Throws<ArgumentException>(() => new StaticTokenProvider(token)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"The token {Fault}.",
            Assert.Throws<ArgumentException>(() => new AccessToken(token)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("\"t-1\"")]
    [InlineData("'t-1'")]
    public void A_secret_in_quotation_marks_is_told(string secret) =>
        Assert.Equal(
            ["TokenAuth:p:Token is in quotation marks, which would be sent along; remove them."],
            StartErrors("StaticToken", "Token", secret)
        );

    [Theory]
    [InlineData("VkClod", "is 'VkClod', which is no provider that is known; did you mean VkCloud?")]
    [InlineData("Azure", "is 'Azure', which is no provider that is known; did you mean AzureSpeech?")]
    [InlineData(
        "Yandex",
        "is 'Yandex', which is no provider that is known; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."
    )]
    [InlineData(
        "s3cr3t-0123456789",
        "is no provider that is known; write VkCloud, AzureSpeech, StaticToken or SpeechTokenEndpoint."
    )]
    public void A_misspelt_kind_is_shown_unless_it_may_be_a_secret(string kind, string fault) =>
        Assert.Equal([$"TokenAuth:p:Provider {fault}"], StartErrors(kind, "Token", "t-1"));

#if !NETSTANDARD_ASSEMBLY
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void A_connection_string_that_is_not_configured_is_told(string? connectionString)
    {
        var builder = new ServiceCollection().AddTokenAuth();

        var error = Assert.ThrowsAny<ArgumentException>(() => builder.UsePostgresStore(connectionString!));

        Assert.StartsWith(
            "UsePostgresStore was given no connection string. Is it configured? GetConnectionString returns null for a name that is not.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("connectionString", error.ParamName);
    }
#endif

    private static IReadOnlyList<string> StartErrors(string kind, string setting, string value)
    {
        var values = new Dictionary<string, string?>
        {
            ["TokenAuth:p:Provider"] = kind,
            ["TokenAuth:p:" + setting] = value,
        };
        foreach (
            var (name, good) in kind switch
            {
                "VkCloud" => new[] { ("ClientId", "id"), ("ClientSecret", "s-1") },
                "AzureSpeech" => [("Region", "westeurope"), ("SubscriptionKey", "k-1")],
                _ => [],
            }
        )
            values.TryAdd("TokenAuth:p:" + name, good);
        var services = new ServiceCollection();
        services.AddTokenAuth(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("TokenAuth"));
        using var provider = services.BuildServiceProvider();

        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();

            return [];
        }
        catch (OptionsValidationException error)
        {
            return [.. error.Failures];
        }
    }
}
