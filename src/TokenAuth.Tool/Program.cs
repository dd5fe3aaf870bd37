namespace TokenAuth.Tool;

/// <summary>The entry of the process. Written out, because the class of top-level statements would be public.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        using var terminal = Terminal.OfProcess();

        return await CommandLine.RunAsync(arguments, terminal).ConfigureAwait(false);
    }
}
