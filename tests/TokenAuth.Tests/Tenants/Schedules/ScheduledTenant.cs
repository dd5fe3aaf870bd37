using System.Globalization;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Tenants.Schedules;

/// <summary>One tenant in the application's database and at its vendor: both answer when the schedule says so.</summary>
internal sealed class ScheduledTenant(string name, ManualTimeProvider time, ITokenStore? store)
{
    private readonly object _gate = new();
    private readonly List<TaskCompletionSource<ITokenProvider?>> _resolving = []; // guarded by _gate
    private readonly List<TaskCompletionSource<int>> _asked = []; // guarded by _gate
    private readonly Dictionary<string, DateTimeOffset> _expiry = new(StringComparer.Ordinal); // guarded by _gate
    private readonly HashSet<string> _rejected = new(StringComparer.Ordinal); // guarded by _gate
    private int _issued;

    public string Name => name;

    /// <summary>Which credential the database has.</summary>
    public int Version { get; set; }

    /// <summary>The oldest credential that a call which begins now may still get.</summary>
    public int OldestVersion { get; set; }

    public AccessToken? Last { get; set; }

    public bool IsWatched { get; set; }

    public bool IsResolving => Count(_resolving) > 0;

    public bool IsAsked => Count(_asked) > 0;

    /// <summary>The most exchanges with its vendor at once.</summary>
    public int MostAsked { get; private set; }

    public int TimesResolved { get; private set; }

    /// <summary>What may not be handed out to somebody who asks now.</summary>
    public IReadOnlyCollection<string> Rejected
    {
        get
        {
            lock (_gate)
                return [.. _rejected];
        }
    }

    public void Reject(AccessToken token)
    {
        lock (_gate)
            _rejected.Add(token.Value);
    }

    public bool IsRejected(AccessToken token)
    {
        lock (_gate)
            return _rejected.Contains(token.Value);
    }

    public bool IsExpired(AccessToken token, DateTimeOffset now)
    {
        lock (_gate)
            return now >= _expiry[token.Value];
    }

    public async ValueTask<ITokenProvider?> ResolveAsync(CancellationToken cancellationToken) =>
        await PendAsync(_resolving, cancellationToken).ConfigureAwait(false);

    /// <summary>The database answers: the tenant, null, or a failure.</summary>
    public void AnswerResolver(Exception? failure = null, bool isKnown = true)
    {
        var pending = Take(_resolving);
        lock (_gate)
            _rejected.Clear(); // the store may bring back what was refused before the tenant left
        TimesResolved++;
        if (failure is not null)
            pending.TrySetException(failure);
        else
            pending.TrySetResult(isKnown ? Provider(Version) : null);
    }

    /// <summary>The vendor answers with a token of so much life, or a failure.</summary>
    public void AnswerVendor(int minutes, Exception? failure = null)
    {
        var pending = Take(_asked);
        if (failure is not null)
            pending.TrySetException(failure);
        else
            pending.TrySetResult(minutes);
    }

    private CachedTokenProvider Provider(int version) =>
        new(
            new Source(this, version),
            new CachedTokenOptions
            {
                ProviderName = "scheduled",
                SecretDigest = SecretDigest.Of(version.ToString(CultureInfo.InvariantCulture)),
                Tenant = name,
            },
            time,
            store
        );

    private int Count<T>(List<TaskCompletionSource<T>> pending)
    {
        lock (_gate)
            return pending.Count;
    }

    private TaskCompletionSource<T> Take<T>(List<TaskCompletionSource<T>> pending)
    {
        lock (_gate)
        {
            var first = pending[0];
            pending.RemoveAt(0);
            return first;
        }
    }

    private async Task<T> PendAsync<T>(List<TaskCompletionSource<T>> all, CancellationToken cancellationToken)
    {
        var pending = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var given = cancellationToken.Register(() =>
        {
            lock (_gate)
                all.Remove(pending);
            pending.TrySetCanceled(cancellationToken);
        });
        lock (_gate)
        {
            if (!cancellationToken.IsCancellationRequested)
                all.Add(pending);
            MostAsked = Math.Max(MostAsked, _asked.Count);
        }

        return await pending.Task.ConfigureAwait(false);
    }

    private sealed class Source(ScheduledTenant tenant, int version) : ITokenSource
    {
        public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
        {
            var at = tenant.Now;
            var minutes = await tenant.PendAsync(tenant._asked, cancellationToken).ConfigureAwait(false);

            return tenant.Grant(version, at.AddMinutes(minutes));
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private TokenGrant Grant(int version, DateTimeOffset expiresAt)
    {
        lock (_gate)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"{name}-{version}-{++_issued}");
            _expiry[value] = expiresAt;

            return new(new AccessToken(value, expiresAt)) { RefreshToken = "refresh" };
        }
    }
}
