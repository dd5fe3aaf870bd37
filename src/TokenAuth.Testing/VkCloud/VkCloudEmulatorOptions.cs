using System.Net;

namespace TokenAuth.Testing;

/// <summary>The emulated VK Cloud project: its clients, its limits, and where its documentation leaves room.</summary>
public sealed class VkCloudEmulatorOptions
{
    /// <summary>The clients that may ask for tokens.</summary>
    /// <value>A Voice and a Vision client unless changed.</value>
    public ICollection<VkCloudClient> Clients { get; } = [VkCloudClient.Voice, VkCloudClient.Vision];

    /// <summary>Tokens issued in the console: valid everywhere, without end.</summary>
    /// <value>One, <c>emulated-service-token</c>, unless changed.</value>
    public ICollection<string> ServiceTokens { get; } = ["emulated-service-token"];

    /// <summary>How long an access token is accepted.</summary>
    /// <value>One hour unless set.</value>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an access token is, in characters.</summary>
    /// <value>From 24. 50 unless set.</value>
    public int AccessTokenLength { get; set; } = 50;

    /// <summary>How many active refresh tokens the project may have.</summary>
    /// <value>25 unless set.</value>
    public int RefreshTokenLimit { get; set; } = 25;

    /// <summary>How many active access tokens there may be per <see cref="AccessTokenLimitPer"/>.</summary>
    /// <value>25 unless set.</value>
    public int AccessTokenLimit { get; set; } = 25;

    /// <summary>The unit by which access tokens are counted. VK Cloud's pages have three readings.</summary>
    /// <value>By refresh token unless set.</value>
    public VkCloudAccessTokenLimit AccessTokenLimitPer { get; set; } = VkCloudAccessTokenLimit.RefreshToken;

    /// <summary>The reaction to one token too many, which VK Cloud does not document.</summary>
    /// <value>The request is refused unless set.</value>
    public VkCloudLimitReaction AtLimit { get; set; } = VkCloudLimitReaction.Refuse;

    /// <summary>The HTTP status of a request refused for a limit.</summary>
    /// <value>403 unless set.</value>
    public HttpStatusCode LimitStatusCode { get; set; } = HttpStatusCode.Forbidden;

    /// <summary>The fate of a refresh token that is used.</summary>
    /// <value>It is echoed unless set.</value>
    public VkCloudRefreshTokenRule RefreshTokenRule { get; set; } = VkCloudRefreshTokenRule.Echoed;

    /// <summary>How often a refresh token serves under <see cref="VkCloudRefreshTokenRule.LimitedUses"/>.</summary>
    /// <value>25 unless set.</value>
    public int RefreshTokenUses { get; set; } = 25;

    /// <summary>How the response tells the lifetime.</summary>
    /// <value>As <c>"expired_in":"3600"</c> unless set.</value>
    public VkCloudLifetimeField LifetimeField { get; set; } = VkCloudLifetimeField.ExpiredInText;

    /// <summary>How the response tells the scopes.</summary>
    /// <value>As an object of ints unless set.</value>
    public VkCloudScopeShape ScopeShape { get; set; } = VkCloudScopeShape.ObjectOfInts;

    /// <summary>How the token endpoint words an error: nothing is documented.</summary>
    /// <value><c>{"error":…,"message":…}</c> unless set.</value>
    public VkCloudErrorShape ErrorShape { get; set; } = VkCloudErrorShape.ErrorAndMessage;

    /// <summary>The last word on the JSON of a granted response, for oddities that have no option.</summary>
    /// <value>Nothing is rewritten unless set.</value>
    public Func<string, string>? RewriteReply { get; set; }

    /// <summary>The JSON around the code of a Voice error, which VK Cloud does not document.</summary>
    /// <value><c>{"qid":…,"error":{"code":…,"message":…}}</c> unless set.</value>
    public VkVoiceErrorShape VoiceErrorShape { get; set; } = VkVoiceErrorShape.CodeInError;

    /// <summary>The HTTP status around Vision's <c>"status":401</c>: nobody has said.</summary>
    /// <value>200 or 401. 200 unless set. Around its other errors it is 200 as well, or the same as inside.</value>
    public HttpStatusCode VisionUnauthorizedStatusCode { get; set; } = HttpStatusCode.OK;
}
