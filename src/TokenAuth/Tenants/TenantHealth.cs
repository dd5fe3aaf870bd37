namespace TokenAuth;

/// <summary>How the tenants of one name stand.</summary>
/// <param name="Failing">How many cannot renew.</param>
/// <param name="Named">The names of ten of these at most, as a message may show them.</param>
internal sealed record TenantHealth(int Count, int Failing, IReadOnlyList<string> Named);
