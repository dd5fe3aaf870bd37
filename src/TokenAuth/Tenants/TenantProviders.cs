using System.Collections.Concurrent;

namespace TokenAuth;

/// <summary>All tenants of one name. Finding one takes no lock; coming and going does.</summary>
internal sealed partial class TenantProviders : ITokenProvider, ICredentialPlaces, IDisposable, IAsyncDisposable
{
    private readonly TenantResolver _resolver;
    private readonly TokenTenantOptions _options;
    private readonly TenantSweep _sweep;
    private readonly ITokenStore? _store;
    private readonly TimeProvider _time;
    private readonly Func<CredentialPlace, string?> _placeError;
    private volatile ConcurrentDictionary<string, Tenant> _tenants = new(StringComparer.Ordinal); // written under _gate
    private readonly object _gate = new();
    private readonly Dictionary<string, TenantResolution> _resolutions = new(StringComparer.Ordinal); // guarded by _gate
    private readonly TenantWatches _watches = new();
    private readonly TenantPlaces _places; // guarded by _gate
    private readonly CancellationTokenSource _lifetime = new();
    private readonly CancellationToken _ended;
    private bool _isDisposed; // guarded by _gate
    private long _turn;

    public TenantProviders(
        string name,
        TenantResolver resolver,
        TokenTenantOptions options,
        TenantSweep sweep,
        ITokenStore? store,
        TimeProvider time,
        Func<CredentialPlace, string?> placeError
    )
    {
        Name = name;
        _resolver = resolver;
        _options = options;
        _sweep = sweep;
        _store = store;
        _time = time;
        IsSystemTime = ReferenceEquals(time, TimeProvider.System);
        _placeError = placeError;
        _places = new TenantPlaces(MayLeave_NeedsLock);
        _ended = _lifetime.Token;
        sweep.Add(this);
    }

    public string Name { get; }

    public int Count
    {
        get
        {
            lock (_gate)
                return _places.Count;
        }
    }

    public bool IsSystemTime { get; }

#pragma warning disable RS0030 // only with the system's clock: whether a tenant is idle needs no exact moment, and each request asks
#if NET
    /// <summary>A moment of the monotonic clock, in ticks of <see cref="Frequency"/>.</summary>
    public long Now => IsSystemTime ? Environment.TickCount64 : _time.GetTimestamp();

    /// <summary>The number of its ticks in a second.</summary>
    private long Frequency => IsSystemTime ? 1_000 : _time.TimestampFrequency;
#else
    public long Now => _time.GetTimestamp();

    private long Frequency => _time.TimestampFrequency;
#endif
#pragma warning restore RS0030

    /// <exception cref="UnknownTenantException">Always: nobody said whose token.</exception>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        throw UnknownTenantException.NoneSaid(Name);

    public void Invalidate(AccessToken rejected) { }

    public string? ErrorOf(CredentialPlace place) => _placeError(place);

    /// <summary>Goes on where the clock does not, as a test's may.</summary>
    public long NextTurn() => Interlocked.Increment(ref _turn);

    /// <summary>The tenant if it is in memory.</summary>
    public Tenant? Find(string tenant) => _tenants.TryGetValue(tenant, out var found) ? found : null;

    /// <summary>Returns the tenant. If it is not in memory, asks the application's resolver, once for all waiting callers.</summary>
    /// <exception cref="UnknownTenantException">The name is empty, or the resolver knows no such tenant.</exception>
    public async ValueTask<Tenant> GetAsync(string? tenant, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(tenant))
            throw UnknownTenantException.NoneSaid(Name);

        while (true)
        {
            if (Find(tenant!) is { } known)
                return known;

            var resolution = Begin(tenant!, out var isFirst);
            if (isFirst)
                Start(tenant!, resolution);

            var found = await resolution.WaitAsync(Name, tenant!, cancellationToken).ConfigureAwait(false);
            if (found is not null)
                return found;
            if (!resolution.IsOvertaken)
                throw UnknownTenantException.Of(Name, tenant!);
        }
    }

    /// <summary>Keeps a tenant in memory until the result is disposed.</summary>
    public IDisposable BeginWatch(string tenant) => _watches.Begin(tenant);

    public void Dispose()
    {
        foreach (var tenant in EndAll())
            tenant.End();
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(
                EndAll()
                    .Select(tenant => tenant.EndAsync())
                    .Where(end => !end.IsCompletedSuccessfully)
                    .Select(end => end.AsTask())
            )
            .ConfigureAwait(false);

    public override string ToString() => $"Tenants of '{Name}'";

    private Tenant[] EndAll()
    {
        Tenant[] all;
        lock (_gate)
        {
            if (_isDisposed)
                return [];

            _isDisposed = true;
            all = _places.All();
            _tenants.Clear();
            foreach (var tenant in all)
                _places.Remove(tenant);
        }

        EndResolvers();

        return all;
    }

    // Not under the lock: a resolver's callbacks run here, and may fail.
    private void EndResolvers()
    {
        try
        {
            _lifetime.Cancel();
        }
        catch (AggregateException)
        {
            // The resolver's own; the container ends all the same.
        }

        _lifetime.Dispose();
    }
}
