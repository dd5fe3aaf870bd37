#if NET
namespace TokenAuth;

/// <summary>The names that Microsoft.Bcl.TimeProvider gives these on netstandard2.0.</summary>
internal static class TimeProviderTasks
{
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, time, cancellationToken);

    public static CancellationTokenSource CreateCancellationTokenSource(this TimeProvider time, TimeSpan delay) =>
        new(delay, time);
}
#endif
