namespace TokenAuth.Benchmarks;

/// <summary>What one caller's request costs beside the floor's.</summary>
internal sealed record Sample(string Caller, double Nanoseconds, double TimesFloor, double TimesFloorAtBest, long Bytes)
{
    /// <summary>Bytes allocated beyond the floor's.</summary>
    public required long ExtraBytes { get; init; }
}
