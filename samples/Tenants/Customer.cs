namespace Tenants;

/// <summary>One who brings an Azure AI Speech key.</summary>
public sealed record Customer(string Name, string Region, string Key, bool HasLeft = false);
