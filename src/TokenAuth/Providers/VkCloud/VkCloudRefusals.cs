namespace TokenAuth;

/// <summary>
/// Remembers how one of VK Cloud's services last refused a request, until the same host accepts one: for a probe. Written only when one
/// refuses, and when it accepts again.
/// </summary>
internal sealed class VkCloudRefusals(TimeProvider time)
{
    private Refusal? _last; // immutable, swapped

    /// <summary>The last refusal; null when there was none, or its host has accepted a request since.</summary>
    public Refusal? Last => Volatile.Read(ref _last);

    public void Note(HelpCode code, string? host) =>
        Volatile.Write(ref _last, new Refusal(code, host, time.GetUtcNow()));

    /// <summary>A response that refuses nothing. Only a success says that the token was accepted.</summary>
    public void NoteAccepted(HttpResponseMessage response)
    {
        if (Volatile.Read(ref _last) is not null && response.IsSuccessStatusCode)
            NoteAccepted(HostOf(response));
    }

    public void NoteAccepted(string? host)
    {
        if (Volatile.Read(ref _last) is { } last && string.Equals(last.Host, host, StringComparison.OrdinalIgnoreCase))
            Interlocked.CompareExchange(ref _last, null, last);
    }

    /// <summary>Null where an inner handler left the request out.</summary>
    public static string? HostOf(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.Host;

    internal sealed record Refusal(HelpCode Code, string? Host, DateTimeOffset At);
}
