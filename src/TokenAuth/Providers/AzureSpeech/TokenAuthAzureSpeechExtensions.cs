using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Azure Speech resources.</summary>
public static class TokenAuthAzureSpeechExtensions
{
    /// <summary>Registers an Azure Speech resource, for its tokens and its keys.</summary>
    public static TokenAuthBuilder AddAzureSpeech(
        this TokenAuthBuilder builder,
        string name,
        Action<AzureSpeechOptions> configure
    ) => builder.Add(AzureSpeechKind.Kind, name, configure);
}
