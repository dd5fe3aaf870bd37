using System.Net;

namespace TokenAuth;

/// <summary>Why Azure Speech issued nothing, and what to do about it.</summary>
internal sealed class AzureSpeechFailure(AzureSpeechOptions options, Uri address)
{
    // The setting that the address comes of.
    private bool IsByEndpoint => options is { Endpoint: not null, TokenEndpoint: null };

    private string Setting =>
        options.TokenEndpoint is not null ? nameof(options.TokenEndpoint)
        : IsByEndpoint ? nameof(options.Endpoint)
        : nameof(options.Region);

    public TokenAcquisitionException KeyRefused(TokenEndpointReply reply) =>
        Refused(reply, "the subscription key", "SubscriptionKey", "key's");

    public TokenAcquisitionException KeysRefused(TokenEndpointReply reply) =>
        Refused(reply, "both subscription keys", "SubscriptionKey and SecondaryKey", "keys'");

    /// <param name="fault">The rest of a sentence.</param>
    public TokenAcquisitionException Invalid(TokenEndpointReply reply, string fault) =>
        reply is { Text: not null, IsApiResponse: false }
            ? Blocked(reply)
            : Because(
                $"Azure Speech's token endpoint {address.Host} gave provider '{options.ProviderName}' an invalid response: it {fault}. Check "
                    + $"{options.SettingPrefix}{Setting}.",
                reply,
                isTransient: true
            );

    /// <summary>The failure that a response without success is.</summary>
    public TokenAcquisitionException Of(TokenEndpointReply reply) =>
        reply switch
        {
            { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } =>
                reply.IsApiResponse ? NotAllowed(reply) : Blocked(reply),
            { IsWorthRepeating: true } => Because(
                $"Azure Speech's token endpoint {address.Host} failed for provider '{options.ProviderName}' ({Describe(reply)}). It is tried again.",
                reply,
                isTransient: true
            ),
            _ => Because(
                $"Azure Speech's token endpoint {address.Host} does not serve provider '{options.ProviderName}' ({Describe(reply)}). Check {(IsByEndpoint ? $"{options.SettingPrefix}Endpoint" : $"{options.SettingPrefix}Region and {options.SettingPrefix}TokenEndpoint")}.",
                reply
            ),
        };

    private TokenAcquisitionException Refused(TokenEndpointReply reply, string what, string settings, string whose) =>
        Because(
            $"Azure Speech refused {what} of provider '{options.ProviderName}' at {address.Host} ({Describe(reply)}). The response is the same for three causes. A wrong key: check "
                + $"{settings}. A wrong region or cloud: check that Region, Endpoint or TokenEndpoint is that of the {whose} resource. Keys that are switched off for the resource: "
                + "allow key access again (disableLocalAuth), or use Microsoft Entra.",
            reply
        );

    private TokenAcquisitionException NotAllowed(TokenEndpointReply reply) =>
        Because(
            $"Azure Speech's token endpoint {address.Host} issues provider '{options.ProviderName}' no token ({Describe(reply)}), whichever key is used. Network rules: allow this "
                + "machine's network at the resource, use the private endpoint's own name, or send the key itself. A used-up quota: wait, or change the pricing tier. Keys that are "
                + "switched off for the resource: allow key access again (disableLocalAuth), or use Microsoft Entra. It is tried again.",
            reply,
            isTransient: true
        );

    private TokenAcquisitionException Blocked(TokenEndpointReply reply) =>
        Because(
            $"A page came back in place of Azure Speech's response to provider '{options.ProviderName}' ({Describe(reply)}), as a firewall or a proxy sends it. Check that requests "
                + $"to {address.Host} may pass. It is tried again.",
            reply,
            isTransient: true
        );

    private static string Describe(TokenEndpointReply reply) =>
        reply.ErrorCode is { } code && code.Any(char.IsLetter)
            ? $"{(int)reply.StatusCode} {code}"
            : $"{(int)reply.StatusCode}";

    private TokenAcquisitionException Because(string message, TokenEndpointReply reply, bool isTransient = false) =>
        new(message)
        {
            ProviderName = options.ProviderName,
            IsTransient = isTransient,
            StatusCode = reply.StatusCode,
            ErrorCode = reply.ErrorCode,
            RetryAfter = reply.RetryAfter,
            GrantType = AzureSpeechTokenSource.SubscriptionKeyGrant,
        };
}
