namespace TokenAuth.Testing;

/// <summary>One of the project's refresh tokens, with what came of it; the project's gate guards it.</summary>
internal sealed class VkCloudRefreshGrant(VkCloudClient client, string token)
{
    public VkCloudClient Client { get; } = client;

    /// <summary>The token that a response names.</summary>
    public string Current { get; private set; } = token;

    /// <summary>All tokens that are accepted: rotation may leave the older ones good.</summary>
    public HashSet<string> Accepted { get; } = new(StringComparer.Ordinal) { token };

    public List<VkCloudAccessToken> AccessTokens { get; } = [];

    public int Uses { get; set; }

    public void Rotate(string token, bool keepOld)
    {
        if (!keepOld)
            Accepted.Clear();
        Accepted.Add(token);
        Current = token;
    }
}
