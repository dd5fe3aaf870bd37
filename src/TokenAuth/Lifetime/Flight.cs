namespace TokenAuth;

/// <summary>One renewal that any number of callers wait for. It always lands, and never with an exception.</summary>
internal sealed class Flight
{
    private readonly TaskCompletionSource<Renewal> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Renewal> Landed => _landed.Task;

    public void Land(Renewal renewal) => _landed.TrySetResult(renewal);
}
