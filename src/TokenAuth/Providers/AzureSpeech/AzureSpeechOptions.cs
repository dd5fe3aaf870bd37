using System.Diagnostics;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>
/// One Azure Speech resource. See
/// <see href="https://learn.microsoft.com/azure/ai-services/authentication">Authentication in Azure AI services</see>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public class AzureSpeechOptions
{
    /// <summary>The resource's region, for example <c>westeurope</c>, <c>usgovvirginia</c> or <c>chinaeast2</c>.</summary>
    /// <value>Lower-case letters and digits. Required unless <see cref="Endpoint"/> or <see cref="TokenEndpoint"/> is set.</value>
    public string? Region { get; set; }

    /// <summary>
    /// The resource's endpoint as the portal shows it, for example <c>https://contoso.cognitiveservices.azure.com/</c>; a path is left out.
    /// </summary>
    /// <value>
    /// https; http on loopback, or where <see cref="AllowHttp"/> says so. Null unless set. The provider asks its <c>issueToken</c>, not that of
    /// <see cref="Region"/>. Its host receives the credential, and so do those of <see cref="Region"/>.
    /// </value>
    public Uri? Endpoint { get; set; }

    /// <summary>The resource's first key.</summary>
    /// <value>Required; U+0021 to U+007E.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string SubscriptionKey { get; set; } = "";

    /// <summary>The resource's second key. The provider uses it when Azure refuses the first, for example a regenerated one.</summary>
    /// <value>Null unless set; U+0021 to U+007E.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? SecondaryKey { get; set; }

    /// <summary>
    /// The whole <c>issueToken</c> address of a custom domain, another sovereign cloud, or the per-function addresses of 2018.
    /// </summary>
    /// <value>
    /// https; http on loopback, or where <see cref="AllowHttp"/> says so. It wins over <see cref="Endpoint"/> and <see cref="Region"/>; unless set, it
    /// is derived from them. The address of a region presets that region's hosts, as <see cref="Region"/> does.
    /// </value>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>Another scope than the usual one for the tokens, sent as <c>issueToken?scope=…</c>.</summary>
    /// <value>
    /// Letters, digits and <c>. _ - : /</c>, at most 100. Null unless set. With <c>speechservicesmanagement</c> the token also goes to the
    /// region's <c>api.cognitive</c> host, which serves transcriptions and batch synthesis.
    /// </value>
    public string? Scope { get; set; }

    /// <summary>
    /// Lets <see cref="Endpoint"/> and <see cref="TokenEndpoint"/> be http on another host than this machine, as an emulator in a
    /// compose file is: the key then travels in the clear.
    /// </summary>
    /// <value>False unless set. True is a warning at each start.</value>
    public bool AllowHttp { get; set; }

    /// <summary>The time for which one token is handed out before a new one is obtained.</summary>
    /// <value>From one minute to ten. Nine minutes unless set, as Azure recommends.</value>
    public TimeSpan ReuseFor { get; set; } = TimeSpan.FromMinutes(9);

    /// <summary>The name in messages, logs and metrics.</summary>
    /// <value>Not only white space. <c>AzureSpeech</c> unless set; a registered provider has the name it is registered under.</value>
    public string ProviderName { get; set; } = "AzureSpeech";

    /// <summary>The tenant whose they are; null for a client that is no tenant, whose record's key is made of what it asks.</summary>
    internal string? Tenant { get; set; }

    /// <summary>The prefix of a property's name in messages.</summary>
    internal string SettingPrefix { get; set; } = nameof(AzureSpeechOptions) + ".";

    // A key in the place of the region is refused, and not shown.
    private string Resource =>
        (TokenEndpoint ?? Endpoint) is { } address ? SettingError.Shown(address)
        : string.IsNullOrEmpty(Region) ? SettingError.Shown(null)
        : AzureSpeechRegion.IsWellFormed(Region!) ? Region!
        : "no region";

    internal AzureSpeechOptions Copy() => (AzureSpeechOptions)MemberwiseClone();

    /// <summary>True when a reload changed nothing.</summary>
    internal bool IsSameAs(AzureSpeechOptions other) =>
        (Region, Endpoint, SubscriptionKey, SecondaryKey, TokenEndpoint, Scope, ReuseFor, AllowHttp)
        == (
            other.Region,
            other.Endpoint,
            other.SubscriptionKey,
            other.SecondaryKey,
            other.TokenEndpoint,
            other.Scope,
            other.ReuseFor,
            other.AllowHttp
        );

    /// <summary>Names the region or the endpoint, never a key.</summary>
    public override string ToString() => $"AzureSpeechOptions ({Resource})";
}
