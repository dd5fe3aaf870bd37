namespace TokenAuth;

/// <summary>One step of making options.</summary>
/// <param name="Order">When it was registered.</param>
/// <param name="Name">The name that it is for, as it spells it; null when it may be for any.</param>
internal sealed record NamedStep<TStep>(int Order, TStep Step, string? Name);
