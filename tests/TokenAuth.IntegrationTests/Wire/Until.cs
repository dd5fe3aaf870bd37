namespace TokenAuth.IntegrationTests.Wire;

/// <summary>Waits for something that another thread does.</summary>
internal static class Until
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task HoldsAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!condition())
            await Task.Delay(1, patience.Token);
    }
}
