namespace TokenAuth;

/// <summary>The setting that says where a store is.</summary>
/// <param name="Remedy">How to write it, as the rest of a sentence.</param>
internal sealed record StoreAddress(string Setting, string Remedy);
