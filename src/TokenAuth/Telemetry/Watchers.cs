namespace TokenAuth;

/// <summary>Loggers and meter listeners, which are other people's code: what they throw must not cost a grant or fail a caller.</summary>
internal static class Watchers
{
    public static void Tell(Action tell)
    {
        try
        {
            tell();
        }
#pragma warning disable CA1031 // see above
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody left to tell.
        }
    }
}
