namespace TokenAuth;

/// <content>How they stand.</content>
internal sealed partial class TenantProviders
{
    private const int MostNamed = 10;

    /// <summary>How many there are, and those whose renewal fails: at most ten by name.</summary>
    public TenantHealth Health()
    {
        var (count, failing) = (0, 0);
        var named = new List<string>();
        foreach (var tenant in _tenants)
        {
            count++;
            if (tenant.Value.Engine?.Failing is null)
                continue;

            failing++;
            if (named.Count < MostNamed)
                named.Add(TenantName.Shown(tenant.Key));
        }

        named.Sort(StringComparer.Ordinal);

        return new TenantHealth(count, failing, named);
    }
}
