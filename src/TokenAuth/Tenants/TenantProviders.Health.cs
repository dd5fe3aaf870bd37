namespace TokenAuth;

/// <content>How they stand.</content>
internal sealed partial class TenantProviders
{
    private const int MostNamed = 10;

    /// <summary>Counts the tenants and those whose renewal fails, names at most ten of these, and says whether their store fails.</summary>
    public TenantHealth Health()
    {
        var (count, failing) = (0, 0);
        var named = new List<string>();
        OutageReport? store = null;
        foreach (var tenant in _tenants)
        {
            count++;
            var engine = tenant.Value.Engine;
            store = Earlier(store, engine?.StoreFailing);
            if (engine?.Failing is null)
                continue;

            failing++;
            if (named.Count < MostNamed)
                named.Add(TenantName.Shown(tenant.Key));
        }

        named.Sort(StringComparer.Ordinal);

        return new TenantHealth(count, failing, named, store);
    }

    private static OutageReport? Earlier(OutageReport? one, OutageReport? other) =>
        one is null ? other
        : other is null || one.Since <= other.Since ? one
        : other;
}
