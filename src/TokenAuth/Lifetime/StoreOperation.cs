namespace TokenAuth;

/// <summary>
/// In order: the success of one operation proves that it and all earlier ones work. A lease is granted only when the last one was given back.
/// </summary>
internal enum StoreOperation
{
    Read,
    Release,
    Lease,
    Write,
}
