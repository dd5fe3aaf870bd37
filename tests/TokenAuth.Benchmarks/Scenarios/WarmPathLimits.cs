namespace TokenAuth.Benchmarks;

/// <summary>The most that one handler's request may cost; null where a figure only informs.</summary>
internal sealed record WarmPathLimits(double? TimesFloor = null, long? ExtraBytes = null);
