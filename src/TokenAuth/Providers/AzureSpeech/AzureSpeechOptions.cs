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
    /// <value>Lower-case letters and digits. Required unless <see cref="TokenEndpoint"/> is set.</value>
    public string? Region { get; set; }

    /// <summary>The resource's first key.</summary>
    /// <value>Required; U+0021 to U+007E.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string SubscriptionKey { get; set; } = "";

    /// <summary>The resource's second key, taken when the first is refused, for example after it was regenerated.</summary>
    /// <value>Null unless set; U+0021 to U+007E.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? SecondaryKey { get; set; }

    /// <summary>
    /// The whole <c>issueToken</c> address of a custom domain, another sovereign cloud, or the per-function addresses of 2018.
    /// </summary>
    /// <value>
    /// https, or http on loopback. Derived from <see cref="Region"/> unless set; set, it wins. The address of a region presets that
    /// region's hosts, as <see cref="Region"/> does.
    /// </value>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>How long one token is handed out before a new one is obtained.</summary>
    /// <value>From one minute to ten. Nine minutes unless set, as Azure recommends.</value>
    public TimeSpan ReuseFor { get; set; } = TimeSpan.FromMinutes(9);

    /// <summary>The name in messages, logs and metrics.</summary>
    /// <value>Not only white space. <c>AzureSpeech</c> unless set; a registered provider has the name it is registered under.</value>
    public string ProviderName { get; set; } = "AzureSpeech";

    /// <summary>What stands before a property's name in a message about it.</summary>
    internal string SettingPrefix { get; set; } = nameof(AzureSpeechOptions) + ".";

    internal AzureSpeechOptions Copy() => (AzureSpeechOptions)MemberwiseClone();

    /// <summary>Whether a reload changed nothing.</summary>
    internal bool IsSameAs(AzureSpeechOptions other) =>
        (Region, SubscriptionKey, SecondaryKey, TokenEndpoint, ReuseFor)
        == (other.Region, other.SubscriptionKey, other.SecondaryKey, other.TokenEndpoint, other.ReuseFor);

    /// <summary>Names the region or the endpoint, never a key.</summary>
    public override string ToString() =>
        $"AzureSpeechOptions ({(TokenEndpoint is null && Region is { Length: > 0 } ? Region : SettingFault.Shown(TokenEndpoint))})";
}
