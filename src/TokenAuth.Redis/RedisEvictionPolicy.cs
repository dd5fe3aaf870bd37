using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>Warns of a server that may drop records when its memory is full.</summary>
internal sealed class RedisEvictionPolicy(TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan _interval = TimeSpan.FromHours(6);

    private long _next = long.MinValue; // a timestamp; through Interlocked

    /// <summary>Asks at the first use and every six hours, beside the caller.</summary>
    public void LookAt(IConnectionMultiplexer connection)
    {
        var now = timeProvider.GetTimestamp();
        var next = Interlocked.Read(ref _next);
        var following = now + (long)(_interval.TotalSeconds * timeProvider.TimestampFrequency);
        if (now >= next && Interlocked.CompareExchange(ref _next, following, next) == next)
            _ = AskAsync(connection);
    }

    private async Task AskAsync(IConnectionMultiplexer connection)
    {
        try
        {
            var policy = (string?)
                await connection
                    .GetDatabase()
                    .ScriptEvaluateAsync(RedisScripts.EvictionPolicy, flags: CommandFlags.NoScriptCache)
                    .ConfigureAwait(false);
            if (policy?.StartsWith("allkeys-", StringComparison.Ordinal) == true)
                logger.Evicts(policy);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            // Servers may forbid INFO; then nothing is known and nothing is said.
        }
    }
}
