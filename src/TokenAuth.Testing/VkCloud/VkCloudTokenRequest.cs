using System.Text.Json;

namespace TokenAuth.Testing;

/// <summary>The JSON body of a token request: members are text, no member twice, no member unknown.</summary>
internal sealed class VkCloudTokenRequest
{
    private static readonly string[] s_known = ["client_id", "client_secret", "refresh_token", "grant_type"];

    private readonly Dictionary<string, string> _members;

    private VkCloudTokenRequest(Dictionary<string, string> members) => _members = members;

    public string? ClientId => _members.GetValueOrDefault("client_id");

    public string? ClientSecret => _members.GetValueOrDefault("client_secret");

    public string? RefreshToken => _members.GetValueOrDefault("refresh_token");

    public string? GrantType => _members.GetValueOrDefault("grant_type");

    /// <summary>Nothing unless the body is such an object and is called JSON.</summary>
    public static VkCloudTokenRequest? Parse(string? contentType, ReadOnlyMemory<byte> body)
    {
        if (contentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
            return null;

        try
        {
            using var document = JsonDocument.Parse(body);
            var members = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (
                    !s_known.Contains(member.Name, StringComparer.Ordinal)
                    || !members.TryAdd(member.Name, member.Value.GetString() ?? "")
                )
                    return null;
            }

            return new(members);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
