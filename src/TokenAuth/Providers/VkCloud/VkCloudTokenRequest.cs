using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>The body of a token request, as VK Cloud documents it: JSON, and no secret on refresh.</summary>
internal sealed class VkCloudTokenRequest
{
    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    [JsonPropertyName("client_secret")]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; init; }

    [JsonPropertyName("refresh_token")]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("grant_type")]
    public required string GrantType { get; init; }

    public HttpRequestMessage ToHttp(Uri endpoint)
    {
        var content = new ByteArrayContent(
            JsonSerializer.SerializeToUtf8Bytes(this, VkCloudJsonContext.Default.VkCloudTokenRequest)
        );
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        return new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
    }
}
