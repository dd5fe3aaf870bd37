namespace TokenAuth.Testing;

/// <summary>A JWT that the resource issued; the resource's gate guards <see cref="Revoked"/>.</summary>
internal sealed class AzureSpeechToken(DateTimeOffset issuedAt, DateTimeOffset expiresAt)
{
    public DateTimeOffset IssuedAt { get; } = issuedAt;

    public bool Revoked { get; set; }

    public bool IsActive(DateTimeOffset now) => !Revoked && now < expiresAt;
}
