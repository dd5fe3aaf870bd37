using System.Diagnostics;

namespace TokenAuth;

/// <summary>A grant as a store keeps it. <see cref="ToString"/> shows no secrets.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class TokenRecord
{
    /// <summary>Joins a grant and the moment before its request was sent, from which lifetimes count.</summary>
    public TokenRecord(TokenGrant grant, DateTimeOffset requestedAt)
    {
        Grant = grant ?? throw new ArgumentNullException(nameof(grant));
        RequestedAt = requestedAt;
    }

    /// <summary>The vendor's grant.</summary>
    public TokenGrant Grant { get; }

    /// <summary>The moment before the request was sent, by the clock of the process that sent it.</summary>
    public DateTimeOffset RequestedAt { get; }

    /// <summary>
    /// A digest of the secret with which a process obtained the grant. A process with another secret renews the grant, but does not use
    /// its access token.
    /// </summary>
    /// <value>Null when the grant does not depend on a secret.</value>
    public string? SecretDigest { get; init; }

    /// <summary>Says when the grant was requested, and nothing of its content.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"TokenRecord ({Grant}, requested {RequestedAt:O})");
}
