namespace TokenAuth;

/// <summary>A provider's state at one moment. Taking it makes no call.</summary>
internal sealed record TokenProviderSnapshot
{
    public required string ProviderName { get; init; }

    /// <summary>The state of its token; null when it has none.</summary>
    public required TokenState? Token { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The outage of the renewals: since when and why they have been failing; null while they do not.</summary>
    public required OutageReport? Renewal { get; init; }

    /// <summary>The moment from which a call that needs a renewal tries one; now, unless renewals are held back.</summary>
    public required DateTimeOffset NextAttempt { get; init; }

    /// <summary>The outage of the store: since when and why it has been failing; null while it does not.</summary>
    public required OutageReport? Store { get; init; }

    public bool HasUsableToken => Token is not null and not TokenState.Expired;
}
