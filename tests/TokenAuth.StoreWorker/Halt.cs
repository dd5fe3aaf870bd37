namespace TokenAuth.StoreWorker;

/// <summary>Says "halted" at one step, and goes no further before a line of input.</summary>
internal sealed class Halt(string step)
{
    public async Task AtAsync(string reached)
    {
        if (reached != step)
            return;

        Console.WriteLine("halted");
        await Console.In.ReadLineAsync();
    }
}
