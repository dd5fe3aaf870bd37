using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>Exchanges with the server: each within its time limit, tried again in it while the server is not ready.</summary>
internal sealed class RedisExchange(
    RedisConnection connection,
    RedisTokenStoreOptions options,
    TimeProvider timeProvider,
    ILogger logger
)
{
    /// <summary>Less than a provider waits for a store.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.8);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _lastTry = TimeSpan.FromMilliseconds(300); // before the limit: it has time to say why it failed

    private readonly RedisEvictionPolicy _evictionPolicy = new(timeProvider, logger);

    /// <summary>Runs one step. A caller that leaves it does not end it.</summary>
    /// <param name="late">Runs after a step that succeeded when its caller had left.</param>
    /// <exception cref="TokenStoreException">The server failed, or did not respond in time.</exception>
    public async Task<RedisResult> RunAsync(
        RedisStep step,
        CancellationToken cancellationToken,
        Func<Task>? late = null
    )
    {
        cancellationToken.ThrowIfCancellationRequested();

        // The first exchange also connects and is compiled meanwhile, on a machine where all start at once.
        var limit = connection.IsMade ? Limit : Limit * 3;
        var left = new CancellationTokenSource();
        var lastCause = new StrongBox<Exception?>();
        var work = Task.Run(() => TryAsync(step, limit, lastCause, left.Token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (!work.IsCompleted)
        {
            throw Volatile.Read(ref lastCause.Value) is { } cause
                ? Failure(RedisFailure.Reason(cause), cause)
                : Failure(FormattableString.Invariant($"no response within {limit.TotalSeconds:0.#} s"), e);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            var cause = RedisFailure.IsAuthentication(lastCause.Value) ? lastCause.Value! : e;
            throw Failure(RedisFailure.Reason(cause), cause);
        }
        finally
        {
            _ = FinishAsync(work, left, late);
        }
    }

    /// <param name="lastCause">Gets why the server was not ready: a refused password if there was one, else the last cause.</param>
    private async Task<RedisResult> TryAsync(
        RedisStep step,
        TimeSpan limit,
        StrongBox<Exception?> lastCause,
        CancellationToken left
    )
    {
        var start = TimeProvider.System.GetTimestamp();
        var multiplexer = await connection.GetAsync().ConfigureAwait(false);
        while (true)
        {
            left.ThrowIfCancellationRequested();
            try
            {
                // The script itself each time, not its hash: nothing is to be loaded again after a restart or a failover.
                var result = await multiplexer
                    .GetDatabase()
                    .ScriptEvaluateAsync(step.Script, step.Keys, step.Values, step.Flags | CommandFlags.NoScriptCache)
                    .ConfigureAwait(false);
                _evictionPolicy.LookAt(multiplexer);

                return result;
            }
            catch (Exception e)
                when (RedisFailure.IsNotReady(e) && TimeProvider.System.GetElapsedTime(start) + _lastTry < limit)
            {
                // After a refused password the client often says no more than that it is not connected.
                if (RedisFailure.IsAuthentication(e) || !RedisFailure.IsAuthentication(lastCause.Value))
                    Volatile.Write(ref lastCause.Value, e);
                if (RedisFailure.MeansNoPrimary(e))
                    connection.LookForPrimary(multiplexer);

                // In real time on any clock: the server has none of ours.
                await Task.Delay(_pause, TimeProvider.System, left).ConfigureAwait(false);
            }
        }
    }

    private static async Task FinishAsync(Task<RedisResult> work, CancellationTokenSource left, Func<Task>? late)
    {
        if (!work.IsCompleted)
        {
            await left.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(work).ConfigureAwait(false);
            if (work.IsCompletedSuccessfully && late is not null)
                await late().ConfigureAwait(false);
            else
                _ = work.Exception; // observed: the caller has left
        }

        left.Dispose();
    }

    private TokenStoreException Failure(string reason, Exception cause) =>
        new(
            $"The Redis token store at {connection.Addresses} (keys {options.KeyPrefix}*) cannot be used: {reason}. "
                + "Check the configuration, the state of the server and the rights of its user.",
            cause
        );
}
