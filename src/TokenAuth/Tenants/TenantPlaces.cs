namespace TokenAuth;

/// <summary>The tenants that may leave memory, and which is to be the next one. Not thread-safe: its owner's lock guards it.</summary>
internal sealed class TenantPlaces(Func<Tenant, bool> mayLeave)
{
    private const int Sample = 48;

    private readonly List<Tenant> _tenants = [];
    private uint _random = 2463534242;

    public int Count => _tenants.Count;

    public void Add(Tenant tenant)
    {
        tenant.Place = _tenants.Count;
        _tenants.Add(tenant);
    }

    public void Remove(Tenant tenant)
    {
        var last = _tenants[_tenants.Count - 1];
        _tenants[tenant.Place] = last;
        last.Place = tenant.Place;
        _tenants.RemoveAt(_tenants.Count - 1);
    }

    /// <summary>Gives back the room that nobody needs.</summary>
    public void Shrink() => _tenants.TrimExcess();

    /// <summary>
    /// The least recently used one of all while they are few, of a random sample where they are many, so that it takes constant time; null
    /// when none may leave.
    /// </summary>
    public Tenant? LeastRecentlyUsed(Tenant? newest)
    {
        Tenant? found = null;
        for (var i = 0; i < Math.Min(Sample, _tenants.Count); i++)
        {
            var tenant = _tenants[_tenants.Count <= Sample ? i : Next(_tenants.Count)];
            if (!ReferenceEquals(tenant, newest) && (found is null || IsOlder(tenant, found)) && mayLeave(tenant))
                found = tenant;
        }

        return found;
    }

    /// <summary>Those that were last used at this moment or before, and when the oldest other one was.</summary>
    public (List<Tenant> Idle, long? Oldest) IdleSince(long moment)
    {
        var idle = new List<Tenant>();
        long? oldest = null;
        foreach (var tenant in _tenants)
            if (tenant.UsedAt <= moment)
                idle.Add(tenant);
            else if (oldest is null || tenant.UsedAt < oldest)
                oldest = tenant.UsedAt;

        return (idle, oldest);
    }

    public Tenant[] All() => [.. _tenants];

    private static bool IsOlder(Tenant a, Tenant b) => a.UsedAt != b.UsedAt ? a.UsedAt < b.UsedAt : a.Turn < b.Turn;

    // Xorshift: nothing depends on its quality.
    private int Next(int below)
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;

        return (int)(_random % (uint)below);
    }
}
