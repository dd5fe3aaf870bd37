using System.Security.Cryptography;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>One wait for one lease, and the lease. The random id tells it from every other, so that a repeated command finds its own lease.</summary>
internal sealed class RedisOwner(RedisKeys keys)
{
    private int _hasEnded; // 1 once nobody waits for the lease or has it; through Interlocked

    public RedisKeys Keys { get; } = keys;

    public RedisValue Id { get; } = RandomNumberGenerator.GetBytes(16);

    public bool HasEnded => Volatile.Read(ref _hasEnded) == 1;

    /// <summary>True for the first caller.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _hasEnded, 1) == 0;
}
