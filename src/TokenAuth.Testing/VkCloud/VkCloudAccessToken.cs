namespace TokenAuth.Testing;

/// <summary>An access token that the project issued; the project's gate guards <see cref="Revoked"/>.</summary>
internal sealed class VkCloudAccessToken(string value, VkCloudClient client, DateTimeOffset issuedAt, TimeSpan life)
{
    public string Value { get; } = value;

    public VkCloudClient Client { get; } = client;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    public TimeSpan Life { get; } = life;

    public DateTimeOffset ExpiresAt => IssuedAt + Life;

    public bool Revoked { get; set; }

    public bool IsActive(DateTimeOffset now) => !Revoked && now < ExpiresAt;
}
