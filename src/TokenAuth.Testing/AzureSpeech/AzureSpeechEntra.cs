using System.Globalization;
using System.Text;

namespace TokenAuth.Testing;

/// <summary>The Microsoft Entra tokens whose principals have a role at the resource.</summary>
internal sealed class AzureSpeechEntra(TokenServiceEmulatorOptions options)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal); // guarded by _gate

    public string Create(TimeSpan lifetime)
    {
        var expiresAt = options.TimeProvider.GetUtcNow() + lifetime;
        var token = $"{Part("""{"alg":"RS256","typ":"JWT"}""")}.{Part(Claims(expiresAt))}.{RandomText.QueryId()}";
        lock (_gate)
            _tokens.Add(token, expiresAt);
        return token;
    }

    public bool Revoke(string token)
    {
        lock (_gate)
            return _tokens.Remove(token);
    }

    public bool Accepts(string bearer, AzureSpeechEntraForm form)
    {
        var prefix = form == AzureSpeechEntraForm.Composite ? $"aad#{options.AzureSpeech.ResourceId}#" : "";
        if (!bearer.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return false;

        lock (_gate)
            return _tokens.TryGetValue(bearer[prefix.Length..], out var end) && options.TimeProvider.GetUtcNow() < end;
    }

    private static string Claims(DateTimeOffset expiresAt) =>
        "{\"aud\":\"https://cognitiveservices.azure.com\",\"uti\":\""
        + RandomText.QueryId()
        + "\",\"exp\":"
        + expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
        + "}";

    private static string Part(string json) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
