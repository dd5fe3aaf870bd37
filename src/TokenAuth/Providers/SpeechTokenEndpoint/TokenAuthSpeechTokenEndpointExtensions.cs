using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers endpoints of Speech tokens.</summary>
public static class TokenAuthSpeechTokenEndpointExtensions
{
    /// <summary>
    /// Registers an application's own endpoint of Azure Speech tokens, as <c>MapSpeechToken</c> makes one: for an app that must not have the key.
    /// </summary>
    /// <remarks>
    /// Its tokens are for Azure's own hosts only, whatever region and endpoint a response names. They are not stored: they live for minutes, and
    /// belong to the user who is signed in. After a sign-out dispose the container: until then the token in memory is handed out.
    /// </remarks>
    public static TokenAuthBuilder AddSpeechTokenEndpoint(
        this TokenAuthBuilder builder,
        string name,
        Action<SpeechTokenEndpointClientOptions> configure
    ) => builder.Add(SpeechTokenEndpointKind.Kind, name, configure);
}
