namespace TokenAuth.Testing;

/// <summary>Counts of the calls of one endpoint.</summary>
public sealed class TokenServiceEndpointTally
{
    /// <summary>The number of requests that arrived, faults included.</summary>
    public int Calls { get; internal init; }

    /// <summary>The number of requests that were refused because of their credential.</summary>
    public int Rejected { get; internal init; }

    /// <summary>The number of requests that met a fault.</summary>
    public int Faulted { get; internal init; }

    /// <summary>The highest number of requests in progress at once.</summary>
    public int MostConcurrent { get; internal init; }

    /// <summary>
    /// The greatest age at which a client presented a token of the emulator; zero if no client did. The emulator forgets a token a
    /// day after its end.
    /// </summary>
    public TimeSpan OldestTokenAge { get; internal init; }

    /// <summary>The number of bytes of audio and images, SSML and text that arrived.</summary>
    public long BytesReceived { get; internal init; }
}
