namespace TokenAuth;

/// <summary>
/// Stands around loggers and meter listeners, which are other people's code: an exception of theirs must not cost a grant or fail a caller.
/// </summary>
internal static class TelemetryGuard
{
    public static void Emit(Action emit)
    {
        try
        {
            emit();
        }
#pragma warning disable CA1031 // see above
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody left to tell.
        }
    }
}
