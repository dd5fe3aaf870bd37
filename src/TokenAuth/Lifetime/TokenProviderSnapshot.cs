namespace TokenAuth;

/// <summary>How a provider stands at one moment. Taking it makes no call.</summary>
internal sealed record TokenProviderSnapshot
{
    public required string ProviderName { get; init; }

    /// <summary>The state of its token; null when it has none.</summary>
    public required TokenState? Token { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since when and why renewals have been failing; null while they do not.</summary>
    public required OutageReport? Renewal { get; init; }

    /// <summary>From here a call that needs a renewal tries one; now, unless renewals are held back.</summary>
    public required DateTimeOffset NextAttempt { get; init; }

    /// <summary>Since when and why the store has been failing; null while it does not.</summary>
    public required OutageReport? Store { get; init; }

    public bool HasUsableToken => Token is not null and not TokenState.Expired;
}
