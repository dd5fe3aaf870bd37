using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>The steps on one record, with what each response of the server means.</summary>
internal sealed class RedisRecords(RedisExchange exchange, RedisTokenStoreOptions options, ILogger logger)
{
    private readonly TokenRecordSealer _sealer = new(options);

    public async Task<RedisPlace> ReadAsync(RedisKeys keys, CancellationToken cancellationToken)
    {
        // Also from a replica while there is no primary: an older record is more than none.
        var read = new RedisStep(RedisScripts.Read, keys) { Flags = CommandFlags.PreferMaster };
        var taken = await exchange.RunAsync(read, cancellationToken).ConfigureAwait(false);

        return await OpenAsync(keys, taken, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the lease; null while another owner has it.</summary>
    /// <param name="late">Runs when the lease was granted after the caller had left.</param>
    public async Task<RedisPlace?> TryLeaseAsync(RedisOwner owner, Func<Task> late, CancellationToken cancellationToken)
    {
        var acquire = new RedisStep(RedisScripts.Acquire, owner.Keys, owner.Id, Milliseconds(options.Lease));
        var taken = await exchange.RunAsync(acquire, cancellationToken, late).ConfigureAwait(false);

        return (string?)taken[0] == "busy"
            ? null
            : await OpenAsync(owner.Keys, taken, cancellationToken).ConfigureAwait(false);
    }

    public Task<RedisPlace> WriteAsync(
        RedisOwner owner,
        byte[]? leased,
        TokenRecord record,
        CancellationToken cancellationToken
    )
    {
        var content = _sealer.Seal(owner.Keys.Key, record);

        return ReplaceAsync(owner, leased, new RedisPlace(content, record), RedisValue.EmptyString, cancellationToken);
    }

    public Task<RedisPlace> RemoveAsync(RedisOwner owner, byte[]? leased, CancellationToken cancellationToken)
    {
        var removed = new RedisPlace(RedisRemovedMark.Create(), null);

        return ReplaceAsync(owner, leased, removed, Milliseconds(RedisRemovedMark.Life), cancellationToken);
    }

    private async Task<RedisPlace> ReplaceAsync(
        RedisOwner owner,
        byte[]? leased,
        RedisPlace place,
        RedisValue stays,
        CancellationToken cancellationToken
    )
    {
        var write = new RedisStep(RedisScripts.Write, owner.Keys, owner.Id, leased ?? [], place.Content, stays);
        var outcome = (string?)await exchange.RunAsync(write, cancellationToken).ConfigureAwait(false);

        return outcome == "written" ? place : throw NotWritten(owner.Keys.Key, outcome);
    }

    private async Task<RedisPlace> OpenAsync(RedisKeys keys, RedisResult taken, CancellationToken cancellationToken)
    {
        while (true)
        {
            if ((string?)taken[0] == "oversized")
            {
                RedisTokenStoreLog.SetAside(logger, keys.Key, $"{keys.Damaged}", $"It has {taken[1]} bytes.");

                return new RedisPlace(null, null);
            }

            var content = (byte[]?)taken[1];
            if (content is null || RedisRemovedMark.Is(content))
                return new RedisPlace(content, null);

            try
            {
                return new RedisPlace(content, _sealer.Open(keys.Key, content));
            }
            catch (InvalidDataException e)
            {
                var setAside = new RedisStep(RedisScripts.SetAside, keys, content);
                taken = await exchange.RunAsync(setAside, cancellationToken).ConfigureAwait(false);
                RedisTokenStoreLog.SetAside(logger, keys.Key, $"{keys.Damaged}", e.Message);
            }
        }
    }

    private static RedisValue Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static TokenStoreException NotWritten(string key, string? outcome) =>
        new(
            outcome switch
            {
                "held" =>
                    $"The record {key} was not written: this process's lease has ended, and another process holds the lease now.",
                "newer" =>
                    $"The record {key} was written by another process after this one's lease had ended; the newer record stays.",
                _ =>
                    $"The record {key} was not written: this process's lease has ended, and the record that it was for was removed or lost.",
            }
        );
}
