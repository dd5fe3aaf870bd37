using System.Net;

namespace TokenAuth.Testing;

/// <summary>The emulated VK Cloud project: its clients, its limits, and its behavior where VK Cloud's documentation is unclear.</summary>
public sealed class VkCloudEmulatorOptions
{
    /// <summary>The clients that may ask for tokens.</summary>
    /// <value>A Voice and a Vision client unless changed.</value>
    public ICollection<VkCloudClient> Clients { get; } = [VkCloudClient.Voice, VkCloudClient.Vision];

    /// <summary>Tokens that the project's owner issued in the console. Every endpoint accepts them, and they never expire.</summary>
    /// <value>One, <c>emulated-service-token</c>, unless changed.</value>
    public ICollection<string> ServiceTokens { get; } = ["emulated-service-token"];

    /// <summary>The time for which an access token is accepted.</summary>
    /// <value>One hour unless set.</value>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The length of an access token, in characters.</summary>
    /// <value>From 24. 50 unless set.</value>
    public int AccessTokenLength { get; set; } = 50;

    /// <summary>The number of active refresh tokens that the project may have.</summary>
    /// <value>25 unless set.</value>
    public int RefreshTokenLimit { get; set; } = 25;

    /// <summary>The number of active access tokens that there may be per <see cref="AccessTokenLimitPer"/>.</summary>
    /// <value>25 unless set.</value>
    public int AccessTokenLimit { get; set; } = 25;

    /// <summary>The unit by which access tokens are counted. VK Cloud's pages can be read in three ways.</summary>
    /// <value>By refresh token unless set.</value>
    public VkCloudAccessTokenLimit AccessTokenLimitPer { get; set; } = VkCloudAccessTokenLimit.RefreshToken;

    /// <summary>The reaction to a request for a token beyond a limit. VK Cloud does not document it.</summary>
    /// <value>The request is refused unless set.</value>
    public VkCloudLimitReaction AtLimit { get; set; } = VkCloudLimitReaction.Refuse;

    /// <summary>The HTTP status with which a request beyond a limit is refused.</summary>
    /// <value>403 unless set.</value>
    public HttpStatusCode LimitStatusCode { get; set; } = HttpStatusCode.Forbidden;

    /// <summary>The fate of a refresh token when it is used.</summary>
    /// <value>It is echoed unless set.</value>
    public VkCloudRefreshTokenRule RefreshTokenRule { get; set; } = VkCloudRefreshTokenRule.Echoed;

    /// <summary>The number of times that a refresh token can be used under <see cref="VkCloudRefreshTokenRule.LimitedUses"/>.</summary>
    /// <value>25 unless set.</value>
    public int RefreshTokenUses { get; set; } = 25;

    /// <summary>The field in which the response states the lifetime.</summary>
    /// <value>As <c>"expired_in":"3600"</c> unless set.</value>
    public VkCloudLifetimeField LifetimeField { get; set; } = VkCloudLifetimeField.ExpiredInText;

    /// <summary>The form in which the response lists the scopes.</summary>
    /// <value>As an object of ints unless set.</value>
    public VkCloudScopeShape ScopeShape { get; set; } = VkCloudScopeShape.ObjectOfInts;

    /// <summary>The form in which the token endpoint words an error. VK Cloud does not document it.</summary>
    /// <value><c>{"error":…,"message":…}</c> unless set.</value>
    public VkCloudErrorShape ErrorShape { get; set; } = VkCloudErrorShape.ErrorAndMessage;

    /// <summary>Rewrites the JSON of a successful token response, to imitate an oddity that has no option here.</summary>
    /// <value>Nothing is rewritten unless set.</value>
    public Func<string, string>? RewriteReply { get; set; }

    /// <summary>The JSON around the code of a Voice error, which VK Cloud does not document.</summary>
    /// <value><c>{"qid":…,"error":{"code":…,"message":…}}</c> unless set.</value>
    public VkVoiceErrorShape VoiceErrorShape { get; set; } = VkVoiceErrorShape.CodeInError;

    /// <summary>The HTTP status of a response whose envelope says <c>"status":401</c>. VK Cloud does not document it.</summary>
    /// <value>200 or 401. 200 unless set. With 200, Vision's other errors also arrive as HTTP 200; with 401, as the status in the envelope.</value>
    public HttpStatusCode VisionUnauthorizedStatusCode { get; set; } = HttpStatusCode.OK;
}
