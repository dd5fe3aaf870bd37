namespace TokenAuth.Tests.Azure;

public sealed class AzureSpeechEntraOptionsTests
{
    private const string ResourceId =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/contoso";

    private const string CustomDomain =
        "Microsoft Entra's tokens need the resource's custom domain (in the portal: Networking, Generate custom domain name)";

    // host × form × cloud, as Microsoft documents which host takes which
    [Theory]
    [InlineData(
        EntraTokenForm.Composite,
        "https://contoso.cognitiveservices.azure.com/",
        "westeurope",
        "contoso.cognitiveservices.azure.com contoso.services.ai.azure.com westeurope.stt.speech.microsoft.com westeurope.tts.speech.microsoft.com westeurope.s2s.speech.microsoft.com "
            + "westeurope.voice.speech.microsoft.com",
        "https://cognitiveservices.azure.com/.default"
    )]
    [InlineData(
        EntraTokenForm.Exchanged,
        "https://contoso.cognitiveservices.azure.com/",
        "westeurope",
        "contoso.cognitiveservices.azure.com contoso.services.ai.azure.com westeurope.stt.speech.microsoft.com westeurope.tts.speech.microsoft.com westeurope.s2s.speech.microsoft.com "
            + "westeurope.voice.speech.microsoft.com",
        "https://cognitiveservices.azure.com/.default"
    )]
    [InlineData(
        EntraTokenForm.Plain,
        "https://contoso.cognitiveservices.azure.com/",
        "westeurope",
        "contoso.cognitiveservices.azure.com contoso.services.ai.azure.com",
        "https://cognitiveservices.azure.com/.default"
    )]
    [InlineData(
        EntraTokenForm.Composite,
        null,
        "usgovvirginia",
        "usgovvirginia.stt.speech.azure.us usgovvirginia.tts.speech.azure.us",
        "https://cognitiveservices.azure.us/.default"
    )]
    [InlineData(
        EntraTokenForm.Plain,
        "https://contoso.cognitiveservices.azure.us/",
        null,
        "contoso.cognitiveservices.azure.us",
        "https://cognitiveservices.azure.us/.default"
    )]
    [InlineData(
        EntraTokenForm.Composite,
        "https://contoso.cognitiveservices.azure.cn/",
        "chinaeast2",
        "contoso.cognitiveservices.azure.cn chinaeast2.stt.speech.azure.cn chinaeast2.tts.speech.azure.cn",
        "https://cognitiveservices.azure.cn/.default"
    )]
    public void Hosts_and_scope_follow_form_and_cloud(
        EntraTokenForm form,
        string? endpoint,
        string? region,
        string hosts,
        string scope
    )
    {
        var resource = new AzureSpeechEntraResource(
            new AzureSpeechEntraOptions
            {
                Form = form,
                Endpoint = endpoint is null ? null : new Uri(endpoint),
                Region = region,
                ResourceId = ResourceId,
            }
        );

        Assert.Equal((hosts, scope), (string.Join(' ', resource.Hosts), resource.Scope));
    }

    public static TheoryData<string, AzureSpeechEntraOptions, string> Mistakes =>
        new()
        {
            {
                "no address",
                new() { ResourceId = ResourceId },
                "Endpoint and AzureSpeechEntraOptions.Region are missing; write the resource's custom domain, for example 'https://contoso.cognitiveservices.azure.com/', or its region."
            },
            {
                "plain without a custom domain",
                new() { Form = EntraTokenForm.Plain, Region = "westeurope" },
                $"Endpoint is missing, and Plain tokens go to it; {CustomDomain}: write it, for example 'https://contoso.cognitiveservices.azure.com/'."
            },
            {
                "a regional endpoint",
                new()
                {
                    Form = EntraTokenForm.Plain,
                    Endpoint = new("https://westeurope.api.cognitive.microsoft.com/"),
                },
                $"Endpoint is the address of the region 'westeurope'; {CustomDomain}. Write it, for example 'https://contoso.cognitiveservices.azure.com/', and 'westeurope' as Region."
            },
            {
                "http",
                new() { Form = EntraTokenForm.Plain, Endpoint = new("http://contoso.cognitiveservices.azure.com/") },
                "Endpoint is 'http://contoso.cognitiveservices.azure.com/'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with "
                    + "AzureSpeechEntraOptions.AllowHttp = true)."
            },
            {
                "no resource id",
                new() { Region = "westeurope" },
                "ResourceId is missing, and composite tokens are made with it; copy it from the resource's page in the Azure portal, under Properties: "
                    + "'/subscriptions/…/providers/Microsoft.CognitiveServices/accounts/…'."
            },
            {
                "a resource id of something else",
                new() { Region = "westeurope", ResourceId = "contoso" },
                "ResourceId is not the id of an Azure AI resource; copy it from the resource's page in the Azure portal, under Properties: "
                    + "'/subscriptions/…/providers/Microsoft.CognitiveServices/accounts/…'."
            },
            {
                "a region's display name",
                new() { Region = "West Europe", ResourceId = ResourceId },
                "Region is 'West Europe'; write it without spaces in lower case, for example 'westeurope'."
            },
            {
                "a scope of another kind",
                new()
                {
                    Region = "westeurope",
                    ResourceId = ResourceId,
                    Scope = "speechservicesmanagement",
                },
                "Scope is no scope of an Azure service; write for example 'https://cognitiveservices.azure.com/.default', or leave it out."
            },
            {
                "an unknown form",
                new()
                {
                    Region = "westeurope",
                    ResourceId = ResourceId,
                    Form = (EntraTokenForm)3,
                },
                "Form is no form that is known; write Composite, Plain or Exchanged."
            },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_sentence_with_the_remedy(string name, AzureSpeechEntraOptions options, string message)
    {
        Assert.NotEmpty(name);

        Assert.Contains("AzureSpeechEntraOptions." + message, AzureSpeechEntraOptionsValidator.Errors(options));
    }

    [Theory]
    [InlineData(EntraTokenForm.Composite)]
    [InlineData(EntraTokenForm.Plain)]
    [InlineData(EntraTokenForm.Exchanged)]
    public void A_resource_with_all_settings_has_no_mistake(EntraTokenForm form) =>
        Assert.Empty(
            AzureSpeechEntraOptionsValidator.Errors(
                new AzureSpeechEntraOptions
                {
                    Form = form,
                    Endpoint = new("https://contoso.cognitiveservices.azure.com/"),
                    Region = "westeurope",
                    ResourceId = ResourceId,
                }
            )
        );
}
