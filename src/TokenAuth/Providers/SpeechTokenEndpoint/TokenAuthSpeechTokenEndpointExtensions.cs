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
    /// Its tokens are for Azure's own hosts only, whatever region and endpoint a response names. TokenAuth does not store them: they live for minutes,
    /// and belong to the user who is signed in. After a sign-out call <see cref="TokenProviderExtensions.Forget"/>: until then the provider hands out the old token.
    /// </para>
    /// <para>
    /// Use it in an app with one user at a time: MAUI, WPF, Blazor WebAssembly. Do not use it in Blazor Server or any other server: one container, and so one
    /// token, would serve all users. A server has the key and registers <c>AddAzureSpeech</c>.
    /// </para>
    /// </remarks>
    public static TokenAuthBuilder AddSpeechTokenEndpoint(
        this TokenAuthBuilder builder,
        string name,
        Action<SpeechTokenEndpointClientOptions> configure
    ) => builder.Add(SpeechTokenEndpointKind.Kind, name, configure);
}
