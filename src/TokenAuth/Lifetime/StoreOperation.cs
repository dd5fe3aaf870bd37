namespace TokenAuth;

/// <summary>
/// In the order of what each proves to work when it succeeds: itself and those before it. Who gets a lease was given back the last one.
/// </summary>
internal enum StoreOperation
{
    Read,
    Release,
    Lease,
    Write,
}
