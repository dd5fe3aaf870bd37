using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace TokenAuth;

/// <summary>The body of a token request, as VK Cloud documents it: JSON, and no secret on refresh.</summary>
internal sealed class VkCloudTokenRequest
{
    public required string ClientId { get; init; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; init; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken { get; init; }

    public required string GrantType { get; init; }

    public HttpRequestMessage ToHttp(Uri endpoint)
    {
        var content = new ByteArrayContent(Body());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        return new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
    }

    // Not by the serializer: to make its metadata costs a process that starts more than to write four members.
    private byte[] Body()
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("client_id", ClientId);
            if (ClientSecret is not null)
                json.WriteString("client_secret", ClientSecret);
            if (RefreshToken is not null)
                json.WriteString("refresh_token", RefreshToken);
            json.WriteString("grant_type", GrantType);
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
