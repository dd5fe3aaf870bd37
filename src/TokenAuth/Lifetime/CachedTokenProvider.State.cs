using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <content>The provider's state, for health checks, meters and eviction. Nothing here makes a call.</content>
public sealed partial class CachedTokenProvider
{
    string ILiveToken.ProviderName => ProviderName;

    TimeSpan? ILiveToken.RemainingLife => RemainingLife;

    internal string ProviderName { get; }

    internal TimeProvider Time => _time;

    internal ILogger Logger => _logger;

    /// <summary>The token in use, perhaps an expired one; null when there is none.</summary>
    internal AccessToken? TokenInUse => _memory.Serving?.Token;

    internal bool HasEnded => _memory.HasEnded;

    internal bool IsRenewing => _memory.IsRenewing;

    internal bool IsSaving => Volatile.Read(ref _saving) is { IsBusy: true };

    /// <summary>
    /// True while an eviction would lose something: a renewal, a grant that the store does not have, or a failing vendor's pauses, which would begin
    /// anew.
    /// </summary>
    internal bool IsBusy =>
        IsRenewing
        || (_store is not null && _memory.Pending is not null)
        || _backOff.HeldBackBy is not null
        || (Failing is not null && _backOff.HasJustFailed);

    /// <summary>The outage of the renewals: since when and why they have been failing; null while they do not.</summary>
    internal OutageReport? Failing => _memory.Failing;

    /// <summary>The outage of the token store: since when and why it has been failing; null while it does not, and without a store.</summary>
    internal OutageReport? StoreFailing => _store?.Failing;

    /// <summary>The life that the token has left; zero when the last renewal left no token, null when it does not expire or there is none yet.</summary>
    internal TimeSpan? RemainingLife =>
        _memory.Serving is { } held ? held.RemainingLife(_time)
        : _memory.Failing is null ? null
        : TimeSpan.Zero;

    /// <summary>All of it at one moment.</summary>
    internal TokenProviderSnapshot Snapshot()
    {
        var held = _memory.Serving;

        return new TokenProviderSnapshot
        {
            ProviderName = ProviderName,
            Token = held?.State(_time),
            ExpiresAt = held?.Token.ExpiresAt,
            Renewal = _memory.Failing,
            NextAttempt = _time.GetUtcNow() + (_backOff.NextAttempt ?? TimeSpan.Zero),
            Store = StoreFailing,
        };
    }
}
