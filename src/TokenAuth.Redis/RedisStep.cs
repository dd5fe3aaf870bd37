using StackExchange.Redis;

namespace TokenAuth;

/// <summary>One script with its keys and values.</summary>
internal sealed record RedisStep(string Script, RedisKeys On, params RedisValue[] Values)
{
    public RedisKey[] Keys => [On.Lease, On.Record, On.Damaged];

    public CommandFlags Flags { get; init; } = CommandFlags.DemandMaster;
}
