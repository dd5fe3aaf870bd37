namespace TokenAuth.Testing;

/// <summary>A JWT that the resource issued; the resource's gate guards <see cref="Revoked"/>.</summary>
internal sealed class AzureSpeechToken(string scope, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
{
    public string Scope { get; } = scope;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public bool Revoked { get; set; }

    public bool IsActive(DateTimeOffset now) => !Revoked && now < ExpiresAt;
}
