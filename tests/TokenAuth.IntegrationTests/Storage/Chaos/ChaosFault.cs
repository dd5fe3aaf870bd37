namespace TokenAuth.Tests.Storage;

/// <summary>Something that was done to a process or to a server.</summary>
/// <param name="Name">As the account counts it.</param>
internal sealed record ChaosFault(string Name, ChaosFaultKind Kind, DateTimeOffset From)
{
    /// <summary>When it was over; a fault that lasts has no end yet.</summary>
    public DateTimeOffset To { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>The process that it was done to; null for a server.</summary>
    public int? Process { get; init; }

    /// <summary>The store whose server it was done to; null for a process.</summary>
    public string? Store { get; init; }

    /// <summary>Whether only the processes behind the pooler meet it.</summary>
    public bool IsOfPooler { get; init; }

    /// <summary>Whether a process meets it when it uses the store.</summary>
    public bool Meets(int process, string store) =>
        Process == process || (Store == store && (!IsOfPooler || ChaosFleet.IsBehindPooler(process)));

    public override string ToString() => Process is { } process ? $"{Name} {process}" : Name;
}
