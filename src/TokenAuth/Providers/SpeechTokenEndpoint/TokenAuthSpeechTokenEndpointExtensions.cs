using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers endpoints of Speech tokens.</summary>
public static class TokenAuthSpeechTokenEndpointExtensions
{
    /// <summary>
    /// Registers an application's own endpoint of Azure Speech tokens, as <c>MapSpeechToken</c> makes one: for an app that must not have the key.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Its tokens are for Azure's own hosts only, whatever region and endpoint a response names. They are not stored: they live for minutes, and
    /// belong to the user who is signed in. After a sign-out call <see cref="TokenProviderExtensions.Forget"/>: until then the token in memory is handed out.
    /// </para>
    /// <para>
    /// For an app with one user at a time, as MAUI, WPF and Blazor WebAssembly are. Not for Blazor Server nor any other server: one container, and so one
    /// token, would serve all users. A server has the key; it registers <c>AddAzureSpeech</c>.
    /// </para>
    /// </remarks>
    public static TokenAuthBuilder AddSpeechTokenEndpoint(
        this TokenAuthBuilder builder,
        string name,
        Action<SpeechTokenEndpointClientOptions> configure
    ) => builder.Add(SpeechTokenEndpointKind.Kind, name, configure);
}
