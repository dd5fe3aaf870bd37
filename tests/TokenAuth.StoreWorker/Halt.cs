namespace TokenAuth.StoreWorker;

/// <summary>Says "halted" at one step and goes no further.</summary>
internal sealed class Halt(string step)
{
    public async Task AtAsync(string reached)
    {
        if (reached != step)
            return;

        Console.WriteLine("halted");
        await Task.Delay(Timeout.Infinite);
    }
}
