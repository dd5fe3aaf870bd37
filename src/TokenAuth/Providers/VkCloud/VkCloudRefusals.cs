namespace TokenAuth;

/// <summary>Remembers how one of VK Cloud's services last refused a request, for a probe. Written only when one refuses.</summary>
internal sealed class VkCloudRefusals(TimeProvider time)
{
    private Refusal? _last; // immutable, swapped

    /// <summary>The last refusal; null when there was none.</summary>
    public Refusal? Last => Volatile.Read(ref _last);

    public void Note(HelpCode code) => Volatile.Write(ref _last, new Refusal(code, time.GetUtcNow()));

    internal sealed record Refusal(HelpCode Code, DateTimeOffset At);
}
