using System.Net;
using System.Net.Http.Headers;

namespace TokenAuth;

/// <summary>
/// Azure Speech's own token for a Microsoft Entra token: <c>issueToken</c> at the custom domain, with a bearer in place of the key. Azure does
/// not document it; public clients rely on it.
/// </summary>
internal sealed class ExchangedTokenSource(
    AzureSpeechEntraOptions options,
    Uri address,
    EntraCredential credential,
    TokenEndpointClient endpoint,
    AzureSpeechTokenReader reader,
    TimeProvider time
) : ITokenSource
{
    private readonly ExchangeFailure _failure = new(options, address);

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var requestedAt = time.GetUtcNow();
        var entra = await credential.GetAsync(cancellationToken).ConfigureAwait(false);
        var response = await SendAsync(entra.Token, previous, cancellationToken).ConfigureAwait(false);

        if (response is { StatusCode: HttpStatusCode.Unauthorized, IsApiResponse: true })
        {
            var newer = await credential.GetPastCacheAsync(cancellationToken).ConfigureAwait(false);
            if (!string.Equals(newer.Token, entra.Token, StringComparison.Ordinal))
                response = await SendAsync(newer.Token, previous, cancellationToken).ConfigureAwait(false);
        }

        if (!response.IsSuccess)
            throw _failure.Of(response);
        if ((response.TextError ?? AzureSpeechToken.Error(response.Text)) is { } error)
            throw _failure.Invalid(response, error);

        return reader.Read(response.Text!, response.SentAt, requestedAt);
    }

    private Task<TokenEndpointResponse> SendAsync(
        string entraToken,
        TokenGrant? previous,
        CancellationToken cancellationToken
    ) =>
        endpoint.SendAsync(
            new TokenEndpointCall
            {
                Vendor = "Azure Speech",
                ProviderName = options.ProviderName,
                Endpoint = address,
                Settings = options.SettingPrefix + nameof(AzureSpeechEntraOptions.Endpoint),
                GrantType = AzureSpeechEntraTokenSource.EntraGrant,
                CreateRequest = () => Request(entraToken),
                Secrets = [entraToken, previous?.AccessToken.Value],
            },
            cancellationToken
        );

    private HttpRequestMessage Request(string entraToken)
    {
        // Without an explicit Content-Length: 0 the response is 411.
        var content = new ByteArrayContent([]);
        content.Headers.ContentLength = 0;

        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = content,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", entraToken) },
        };
    }
}
