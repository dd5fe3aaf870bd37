using System.Diagnostics;

namespace TokenAuth;

/// <summary>One renewal that any number of callers wait for. It always completes, and never with an exception.</summary>
/// <param name="reason">One of <see cref="RenewalReason"/>.</param>
/// <param name="known">The newest grant of this process, which a renewal may spend; null when there is none.</param>
/// <param name="minimum">The life that its first caller wants left.</param>
/// <param name="isInline">Whether callers go on where the renewal completes, which only a test wants.</param>
internal sealed class Renewal(string reason, TokenRecord? known, TimeSpan minimum, bool isInline)
{
    private readonly TaskCompletionSource<RenewalOutcome> _completed = new(
        isInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously
    );

    private Task _running = Task.CompletedTask; // written at the renewal's start, read at the provider's end

    public string Reason => reason;

    public TokenRecord? Known => known;

    public TimeSpan Minimum => minimum;

    /// <summary>True when the renewal asks the vendor even if a token is at hand. A stored grant counts only if it arrives during this renewal.</summary>
    public bool IsProbe { get; init; }

    /// <summary>True when the renewal may not ask for a grant that costs something.</summary>
    public bool IsSparing { get; init; }

    /// <summary>The activity of the caller who caused it.</summary>
    public ActivityContext? Cause { get; } = AcquireActivity.Cause;

    public Task<RenewalOutcome> Completed => _completed.Task;

    /// <summary>Ends when the renewal has done its last step, which may be after its callers were told.</summary>
    public Task Running
    {
        get => Volatile.Read(ref _running);
        set => Volatile.Write(ref _running, value);
    }

    public void Complete(RenewalOutcome outcome) => _completed.TrySetResult(outcome);
}
