namespace TokenAuth;

/// <summary>Checks the options of a store that code registered. Makes no store.</summary>
/// <param name="Errors">One sentence each.</param>
internal sealed record StoreCheck(Func<IServiceProvider, IEnumerable<string>> Errors);
