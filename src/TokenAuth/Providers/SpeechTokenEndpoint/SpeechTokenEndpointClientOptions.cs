using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// An application's own endpoint of Azure Speech tokens, as <c>MapSpeechToken</c> of package <c>TokenAuth.AspNetCore</c> makes one, seen from an app.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public class SpeechTokenEndpointClientOptions
{
    /// <summary>The endpoint, for example <c>https://app.example.com/speech-token</c>.</summary>
    /// <value>Required. https; http on loopback, or where <see cref="AllowHttp"/> says so.</value>
    public Uri Address { get; set; } = null!; // the validator asks for it

    /// <summary>The resource's region, whose hosts receive the token whatever the endpoint says.</summary>
    /// <value>Lower-case letters and digits. Null unless set: the endpoint's response names it.</value>
    public string? Region { get; set; }

    /// <summary>
    /// The name of the application's own client at <c>IHttpClientFactory</c>, which signs in: <c>services.AddHttpClient("Api")</c>. It must not follow
    /// redirects, and must not carry this provider's own token.
    /// </summary>
    /// <value>Null unless set: the provider uses TokenAuth's own client, which is not signed in.</value>
    public string? HttpClientName { get; set; }

    /// <summary>Lets <see cref="Address"/> be http on another host than this machine: the token then travels in the clear.</summary>
    /// <value>False unless set. True is a warning at each start.</value>
    public bool AllowHttp { get; set; }

    /// <summary>The name in messages, logs and metrics.</summary>
    internal string ProviderName { get; set; } = "SpeechTokenEndpoint";

    /// <summary>The text before a property's name in a message about that property.</summary>
    internal string SettingPrefix { get; set; } = nameof(SpeechTokenEndpointClientOptions) + ".";

    /// <summary>True when a reload changed nothing.</summary>
    internal bool IsSameAs(SpeechTokenEndpointClientOptions other) =>
        (Address, Region, HttpClientName, AllowHttp)
        == (other.Address, other.Region, other.HttpClientName, other.AllowHttp);

    /// <summary>Names the endpoint.</summary>
    public override string ToString() => $"SpeechTokenEndpointClientOptions ({SettingError.Shown(Address)})";
}
