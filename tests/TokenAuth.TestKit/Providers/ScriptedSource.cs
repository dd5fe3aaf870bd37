using System.Globalization;

namespace TokenAuth.TestKit;

/// <summary>A source that answers as the test says; unless told otherwise, a new token of one hour at once.</summary>
public sealed class ScriptedSource(TimeProvider time) : ITokenSource
{
    private int _calls;
    private int _running;
    private int _mostConcurrent;

    public int Calls => Volatile.Read(ref _calls);

    public int MostConcurrent => Volatile.Read(ref _mostConcurrent);

    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan? ReuseFor { get; set; }

    public IList<TokenGrant?> Previous { get; } = [];

    /// <summary>Answers call n (from 1).</summary>
    public Func<int, CancellationToken, Task<TokenGrant>>? Answer { get; set; }

    public async Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var call = Interlocked.Increment(ref _calls);
        var running = Interlocked.Increment(ref _running);
        _mostConcurrent = Math.Max(_mostConcurrent, running);
        lock (Previous)
            Previous.Add(previous);

        try
        {
            return Answer is null ? Grant(call) : await Answer(call, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public TokenGrant Grant(int number) =>
        new(new AccessToken(Name(number), time.GetUtcNow() + Life))
        {
            RefreshToken = "refresh-" + number.ToString(CultureInfo.InvariantCulture),
            ReuseFor = ReuseFor,
        };

    public static string Name(int number) => "token-" + number.ToString(CultureInfo.InvariantCulture);

    public static TokenAcquisitionException Transient(TimeSpan? retryAfter = null) =>
        new("The endpoint failed.") { IsTransient = true, RetryAfter = retryAfter };
}
