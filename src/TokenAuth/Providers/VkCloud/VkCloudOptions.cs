using System.Diagnostics;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>
/// One VK Cloud client: Voice and Vision have a client id each. See
/// <see href="https://cloud.vk.com/docs/ml/cloud-voice">VK Cloud Voice</see> and
/// <see href="https://cloud.vk.com/docs/ml/cloud-vision">VK Cloud Vision</see>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public class VkCloudOptions
{
    private static readonly Uri _tokenEndpoint = new("https://mcs.mail.ru/auth/oauth/v1/token");

    /// <summary>The client id from the console, for example <c>mcs….voice.…</c>.</summary>
    /// <value>Required; U+0021 to U+007E.</value>
    public string ClientId { get; set; } = "";

    /// <summary>The client's secret from the console.</summary>
    /// <value>Required unless <see cref="RefreshToken"/> is set; U+0021 to U+007E.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; set; }

    /// <summary>A refresh token that VK Cloud issued earlier. The provider uses it before the secret.</summary>
    /// <value>Null unless set; U+0021 to U+007E.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken { get; set; }

    /// <summary>The "OAuth endpoint" that the console shows.</summary>
    /// <value>
    /// https; http on loopback, or where <see cref="AllowHttp"/> says so. <c>https://mcs.mail.ru/auth/oauth/v1/token</c> unless set.
    /// </value>
    public Uri TokenEndpoint { get; set; } = _tokenEndpoint;

    /// <summary>
    /// Lets <see cref="TokenEndpoint"/> be http on another host than this machine, as an emulator in a compose file is: the secret then
    /// travels in the clear.
    /// </summary>
    /// <value>False unless set. True is a warning at each start.</value>
    public bool AllowHttp { get; set; }

    /// <summary>The life of a token if VK Cloud's response does not say it.</summary>
    /// <value>One minute to 24 hours. One hour unless set.</value>
    public TimeSpan AssumedLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The name in messages, logs and metrics.</summary>
    /// <value>Not only white space. <c>VkCloud</c> unless set; a registered provider has the name it is registered under.</value>
    public string ProviderName { get; set; } = "VkCloud";

    /// <summary>The tenant that these options belong to; null without tenants, where the record's key is a hash of endpoint and client id.</summary>
    internal string? Tenant { get; set; }

    /// <summary>The prefix of a property's name in messages.</summary>
    internal string SettingPrefix { get; set; } = nameof(VkCloudOptions) + ".";

    /// <summary>True when the secret has a client id's shape and the id has not: the two are swapped.</summary>
    internal bool AreSwapped => IsId(ClientSecret) && !IsId(ClientId);

    // A secret in the id's place is refused, and not shown.
    private string Client =>
        AreSwapped || string.Equals(ClientId, ClientSecret, StringComparison.Ordinal)
            ? "no client"
            : $"client '{ClientId}'";

    // "mcs….voice.…", "mcs….ml.vision.…"
    private static bool IsId(string? text) =>
        text is not null
        && !PlaceholderText.Is(text)
        && text.StartsWith("mcs", StringComparison.Ordinal)
        && (
            text.AsSpan().Contains(".voice.".AsSpan(), StringComparison.Ordinal)
            || text.AsSpan().Contains(".vision.".AsSpan(), StringComparison.Ordinal)
        );

    /// <summary>The digest of what a stored grant was obtained with. A tenant's record says nothing of its client, so its digest does.</summary>
    internal string? DigestOfSecret() =>
        Tenant is null
            ? SecretDigest.Of(ClientSecret) ?? SecretDigest.Of(RefreshToken)
            : SecretDigest.Of($"{TokenEndpoint.AbsoluteUri} {ClientId} {ClientSecret ?? RefreshToken}");

    internal VkCloudOptions Copy() => (VkCloudOptions)MemberwiseClone();

    /// <summary>True when a reload changed nothing: a new identity would cost a refresh token.</summary>
    internal bool IsSameAs(VkCloudOptions other) =>
        IsClientOf(other) && AssumedLifetime == other.AssumedLifetime && AllowHttp == other.AllowHttp;

    /// <summary>True when a grant that was obtained with these options may go on under the others.</summary>
    internal bool IsClientOf(VkCloudOptions other) =>
        (ClientId, ClientSecret, RefreshToken, TokenEndpoint)
        == (other.ClientId, other.ClientSecret, other.RefreshToken, other.TokenEndpoint);

    /// <summary>Names the client, never its secrets.</summary>
    public override string ToString() => $"VkCloudOptions ({Client}, {SettingError.Shown(TokenEndpoint)})";
}
