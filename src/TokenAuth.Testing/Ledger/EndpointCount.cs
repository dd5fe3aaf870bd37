namespace TokenAuth.Testing;

/// <summary>The running count of one endpoint; the book's gate guards it.</summary>
internal sealed class EndpointCount
{
    public int Calls { get; set; }
    public int Rejected { get; set; }
    public int Faulted { get; set; }
    public int Present { get; set; }
    public int MostConcurrent { get; set; }
    public TimeSpan OldestTokenAge { get; set; }
    public long BytesReceived { get; set; }

    public TokenServiceEndpointTally ToTally() =>
        new()
        {
            Calls = Calls,
            Rejected = Rejected,
            Faulted = Faulted,
            MostConcurrent = MostConcurrent,
            OldestTokenAge = OldestTokenAge,
            BytesReceived = BytesReceived,
        };
}
