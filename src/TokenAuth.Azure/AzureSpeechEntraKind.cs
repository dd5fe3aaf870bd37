using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>A resource with Microsoft Entra's tokens as it is registered.</summary>
internal static class AzureSpeechEntraKind
{
    public static readonly ProviderKind<AzureSpeechEntraOptions> Kind = new()
    {
        Name = "AzureSpeechEntra",
        Settings = ProviderSettings.Named(
            (nameof(AzureSpeechEntraOptions.Endpoint), SettingType.Address),
            (nameof(AzureSpeechEntraOptions.ResourceId), SettingType.Text),
            (nameof(AzureSpeechEntraOptions.Region), SettingType.Text),
            (nameof(AzureSpeechEntraOptions.Form), SettingType.Text),
            (nameof(AzureSpeechEntraOptions.Scope), SettingType.Text),
            (nameof(AzureSpeechEntraOptions.AllowHttp), SettingType.Switch)
        ),
        Bind = Bind,
        Identify = static (options, name, prefix) => (options.ProviderName, options.SettingPrefix) = (name, prefix),
        Validator = new AzureSpeechEntraOptionsValidator(),
        PlaceError = AzureSpeechEntraPlaces.ErrorOf,
        Audience = static (options, _) => new AzureSpeechEntraAudience(options),
        IsSame = static (a, b) => a.IsSameAs(b),
        Creation = static services =>
            options => new AzureSpeechEntraTokenProvider(
                options,
                AzureCredential.From(services)
                    ?? throw new InvalidOperationException(AzureCredential.Missing(options.ProviderName)),
                ProviderServices.InMemory(services)
            ),
    };

    // By hand: a binder would show a wrong value of Form. The other types were checked before.
    private static void Bind(IConfiguration section, AzureSpeechEntraOptions options)
    {
        string? Text(string name) => section[name] is { Length: > 0 } text ? text : null;

        if (Text(nameof(options.Endpoint)) is { } endpoint)
            options.Endpoint = new Uri(endpoint);
        options.ResourceId = Text(nameof(options.ResourceId)) ?? options.ResourceId;
        options.Region = Text(nameof(options.Region)) ?? options.Region;
        options.Scope = Text(nameof(options.Scope)) ?? options.Scope;
        if (Text(nameof(options.AllowHttp)) is { } allowHttp)
            options.AllowHttp = bool.Parse(allowHttp);
        if (Text(nameof(options.Form)) is { } form)
            options.Form = FormOf(form);
    }

    // No form that is known for anything else: the validator says what may be written.
    private static EntraTokenForm FormOf(string text) =>
        text.ToUpperInvariant() switch
        {
            "COMPOSITE" => EntraTokenForm.Composite,
            "PLAIN" => EntraTokenForm.Plain,
            "EXCHANGED" => EntraTokenForm.Exchanged,
            _ => (EntraTokenForm)(-1),
        };
}
