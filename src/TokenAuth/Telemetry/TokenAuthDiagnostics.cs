namespace TokenAuth;

/// <summary>
/// The names of everything TokenAuth measures and traces, by the conventions of OpenTelemetry: durations in seconds, names in
/// lower case. No tag holds a token, a key, a client id or an address.
/// </summary>
/// <remarks>
/// There is one meter a process, and not one a container, because a provider made with <c>new</c> has no container; listeners
/// choose it by its name either way. Nothing is measured while a fresh token is handed out.
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
    /// How long a token endpoint took to grant or to fail, all attempts included (histogram, <c>s</c>;
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
    /// token are one.
    /// </summary>
    public const string Rejections = "tokenauth.rejections";

    /// <summary>
    /// Refresh tokens that VK Cloud issued for client credentials, of the project's 25 (counter, <c>{token}</c>;
    /// <see cref="ProviderTag"/>).
    /// </summary>
    public const string RefreshTokensMinted = "tokenauth.refresh_tokens.minted";

    /// <summary>
    /// Failed operations of the token store (counter, <c>{failure}</c>; <see cref="ProviderTag"/>,
    /// <see cref="StoreOperationTag"/>).
    /// </summary>
    public const string StoreFailures = "tokenauth.store.failures";

    /// <summary>
    /// How long the current token may still be used (gauge, <c>s</c>; <see cref="ProviderTag"/>). Zero when it has expired, and when there is none
    /// and the last renewal failed. Absent before the first renewal has ended, between a refusal and the end of the next renewal, and for a
    /// token that does not expire.
    /// </summary>
    public const string RemainingLife = "tokenauth.token.remaining_life";

    /// <summary>
    /// Requests for a token at the endpoints of package <c>TokenAuth.AspNetCore</c> that ended (counter, <c>{request}</c>;
    /// <see cref="EndpointOutcomeTag"/>).
    /// </summary>
    public const string EndpointIssued = "tokenauth.endpoint.issued";

    /// <summary>
    /// The outcome of a request for a token: <c>issued</c>, <c>not_allowed</c>, <c>unavailable</c>, <c>unprotected</c>, or <c>abandoned</c>
    /// by the caller.
    /// </summary>
    public const string EndpointOutcomeTag = "tokenauth.endpoint.outcome";

    /// <summary>The provider's name.</summary>
    public const string ProviderTag = "tokenauth.provider";

    /// <summary>
    /// The credential that was exchanged: <c>refresh_token</c>, <c>client_credentials</c> or <c>subscription_key</c>; absent for an application's own
    /// source.
    /// </summary>
    public const string GrantTypeTag = "tokenauth.grant_type";

    /// <summary>
    /// Why a renewal was made: <c>first</c>, <c>early</c> (the old token was still handed out), <c>due</c>, <c>expired</c>, <c>probe</c> or
    /// <c>rejected</c>.
    /// </summary>
    public const string ReasonTag = "tokenauth.renewal.reason";

    /// <summary>The operation of the store: <c>read</c>, <c>lease</c>, <c>write</c> or <c>release</c>.</summary>
    public const string StoreOperationTag = "tokenauth.store.operation";

    /// <summary>
    /// The kind of error, absent without one: an HTTP status, <c>timeout</c>, <c>connection_error</c>, <c>response_ended</c>,
    /// <c>redirected</c>, <c>invalid_response</c>, <c>paced</c> (a new grant was asked for less than a minute after the last), or an
    /// exception's type.
    /// </summary>
    public const string ErrorTypeTag = "error.type";
}
