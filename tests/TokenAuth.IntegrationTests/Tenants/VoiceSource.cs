using System.Text.Json;

namespace TokenAuth.IntegrationTests.Tenants;

/// <summary>A vendor of the application's own: VK Cloud's token without its refresh token.</summary>
internal sealed class VoiceSource(HttpClient http, Uri endpoint, string clientId, string clientSecret) : ITokenSource
{
    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        using var content = new StringContent(
            JsonSerializer.Serialize(
                new Dictionary<string, string>
                {
                    ["client_id"] = clientId,
                    ["client_secret"] = clientSecret,
                    ["grant_type"] = "client_credentials",
                }
            ),
            null,
            "application/json"
        );
        using var response = await http.PostAsync(endpoint, content, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new TokenAcquisitionException($"The emulator answered {(int)response.StatusCode}.");

        using var granted = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));

        return new(
            new AccessToken(
                granted.RootElement.GetProperty("access_token").GetString()!,
                DateTimeOffset.UtcNow.AddHours(1)
            )
        );
    }
}
