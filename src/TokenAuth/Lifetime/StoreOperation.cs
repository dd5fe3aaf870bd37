namespace TokenAuth;

/// <summary>
/// In the order of what each proves to work when it succeeds: itself and those before it. A lease is granted only when the last one was given back.
/// </summary>
internal enum StoreOperation
{
    Read,
    Release,
    Lease,
    Write,
}
