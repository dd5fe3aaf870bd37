namespace TokenAuth;

/// <summary>The state of the tenants of one name.</summary>
/// <param name="Failing">How many cannot renew.</param>
/// <param name="Named">The names of ten of these at most, as a message may show them.</param>
/// <param name="Store">Since when and why the token store has been failing for one of them at least; null while it fails for none.</param>
internal sealed record TenantHealth(int Count, int Failing, IReadOnlyList<string> Named, OutageReport? Store);
