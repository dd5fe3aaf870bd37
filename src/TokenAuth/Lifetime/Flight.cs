using System.Diagnostics;

namespace TokenAuth;

/// <summary>One renewal that any number of callers wait for. It always lands, and never with an exception.</summary>
/// <param name="reason">One of <see cref="RenewalReason"/>.</param>
/// <param name="cause">The activity of the caller who caused it.</param>
/// <param name="isInline">Whether callers go on where the flight lands, which only a test wants.</param>
internal sealed class Flight(string reason, ActivityContext? cause, bool isInline)
{
    private readonly TaskCompletionSource<Renewal> _landed = new(
        isInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously
    );

    public string Reason => reason;

    public ActivityContext? Cause => cause;

    /// <summary>Whether it goes to the store alone, while the vendor is to be left alone.</summary>
    public bool IsLook { get; init; }

    /// <summary>The life that its first caller wants left.</summary>
    public TimeSpan Minimum { get; init; }

    public Task<Renewal> Landed => _landed.Task;

    public void Land(Renewal renewal) => _landed.TrySetResult(renewal);
}
