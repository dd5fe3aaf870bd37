using System.Security.Cryptography;
using StackExchange.Redis;

namespace TokenAuth;

/// <summary>One wait for one lease. The random id tells it from every other, so that a repeated command finds its own lease.</summary>
internal sealed class RedisOwner(RedisKeys keys)
{
    public RedisKeys Keys { get; } = keys;

    public RedisValue Id { get; } = RandomNumberGenerator.GetBytes(16);
}
