using System.Runtime.InteropServices;

namespace TokenAuth.StoreWorker;

/// <summary>
/// An application over several stores at once that asks for its tokens all the time, until SIGTERM, and says what its callers meet.
/// </summary>
internal static class LivingApplication
{
    private const int FieldsOfALine = 4;

    /// <param name="process">The number of this process, for the vendor.</param>
    /// <param name="fields">Of each line of tokens: name, store, the store's server, token endpoint.</param>
    public static async Task RunAsync(string process, string[] fields)
    {
        var ended = new TaskCompletionSource();
        using var term = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                ended.TrySetResult();
            }
        );
        var lines = fields.Chunk(FieldsOfALine).Select(line => new LivingLine(process, line)).ToList();
        Console.WriteLine("started");

        await Task.WhenAll(lines.Select(line => line.AskAsync(ended.Task)));

        foreach (var line in lines)
            await line.DisposeAsync();
        Console.WriteLine("ended");
    }
}
