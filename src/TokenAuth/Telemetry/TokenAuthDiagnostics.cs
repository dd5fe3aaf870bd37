namespace TokenAuth;

/// <summary>
/// The names of everything that TokenAuth measures and traces. They follow OpenTelemetry's conventions: durations are in seconds,
/// names in lower case. No tag holds a token, a key, a client id or an address.
/// </summary>
/// <remarks>
/// A process has one meter, not one for each container, because a provider made with <c>new</c> has no container. Listeners choose
/// the meter by its name. A provider measures nothing while it hands out a fresh token.
/// </remarks>
public static class TokenAuthDiagnostics
{
    /// <summary>The meter: <c>AddMeter(TokenAuthDiagnostics.MeterName)</c>.</summary>
    public const string MeterName = "TokenAuth";

    /// <summary>The activity source: <c>AddSource(TokenAuthDiagnostics.ActivitySourceName)</c>.</summary>
    public const string ActivitySourceName = "TokenAuth";

    /// <summary>
    /// The activity of one renewal, with the tags <see cref="ProviderTag"/>, <see cref="ReasonTag"/>, <see cref="GrantTypeTag"/>
    /// and <see cref="ErrorTypeTag"/>. It has no parent, because a renewal serves many callers. It links to the
    /// caller that caused it.
    /// </summary>
    public const string AcquireActivityName = "TokenAuth.Acquire";

    /// <summary>
    /// The time that a token endpoint took to grant or to fail, all attempts included (histogram, <c>s</c>;
    /// <see cref="ProviderTag"/>, <see cref="GrantTypeTag"/>, <see cref="ErrorTypeTag"/>).
    /// </summary>
    public const string AcquireDuration = "tokenauth.acquire.duration";

    /// <summary>
    /// Renewals that ended, whether a token endpoint or a store answered (counter, <c>{renewal}</c>; <see cref="ProviderTag"/>,
    /// <see cref="ReasonTag"/>, <see cref="ErrorTypeTag"/>).
    /// </summary>
    public const string Renewals = "tokenauth.renewals";

    /// <summary>
    /// Refusals of the current token by a service (counter, <c>{rejection}</c>; <see cref="ProviderTag"/>). Fifty refusals of one
    /// token count as one. After 20 renewals in an hour that refusals caused, the current token stays in use and each refusal of it counts.
    /// </summary>
    public const string Rejections = "tokenauth.rejections";

    /// <summary>
    /// Refresh tokens that VK Cloud issued for client credentials (counter, <c>{token}</c>; <see cref="ProviderTag"/>). Each takes
    /// one of the project's 25.
    /// </summary>
    public const string RefreshTokensMinted = "tokenauth.refresh_tokens.minted";

    /// <summary>
    /// Failed operations of the token store (counter, <c>{failure}</c>; <see cref="ProviderTag"/>,
    /// <see cref="StoreOperationTag"/>).
    /// </summary>
    public const string StoreFailures = "tokenauth.store.failures";

    /// <summary>
    /// The life that the current token has left (gauge, <c>s</c>; <see cref="ProviderTag"/>). Zero when it has expired, or when
    /// the provider has none and the last renewal failed. Absent before the first renewal has ended, between a refusal and the end of
    /// the next renewal, and for a token that does not expire.
    /// </summary>
    public const string RemainingLife = "tokenauth.token.remaining_life";

    /// <summary>
    /// Finished requests for a token at the endpoints of package <c>TokenAuth.AspNetCore</c> (counter, <c>{request}</c>;
    /// <see cref="EndpointOutcomeTag"/>).
    /// </summary>
    public const string EndpointIssued = "tokenauth.endpoint.issued";

    /// <summary>
    /// The outcome of a request for a token: <c>issued</c>, <c>not_allowed</c>, <c>unavailable</c>, <c>unprotected</c>, or <c>abandoned</c>
    /// when the caller gave up.
    /// </summary>
    public const string EndpointOutcomeTag = "tokenauth.endpoint.outcome";

    /// <summary>The name of the provider.</summary>
    public const string ProviderTag = "tokenauth.provider";

    /// <summary>
    /// The credential that the provider exchanged: <c>refresh_token</c>, <c>client_credentials</c>, <c>subscription_key</c> or <c>entra</c>. Absent for an
    /// application's own source.
    /// </summary>
    public const string GrantTypeTag = "tokenauth.grant_type";

    /// <summary>
    /// The reason for a renewal: <c>first</c>, <c>early</c> (it still handed out the old token), <c>due</c>, <c>expired</c>, <c>probe</c> or
    /// <c>rejected</c>.
    /// </summary>
    public const string ReasonTag = "tokenauth.renewal.reason";

    /// <summary>The operation of the store: <c>read</c>, <c>lease</c>, <c>write</c> or <c>release</c>.</summary>
    public const string StoreOperationTag = "tokenauth.store.operation";

    /// <summary>
    /// The kind of error: an HTTP status, <c>timeout</c>, <c>connection_error</c>, <c>response_ended</c>,
    /// <c>redirected</c>, <c>invalid_response</c>, <c>paced</c> (the last request for a new grant was less than a minute ago), or an
    /// exception's type. Absent when there was no error.
    /// </summary>
    public const string ErrorTypeTag = "error.type";
}
