using StackExchange.Redis;

namespace TokenAuth;

/// <summary>The keys of one record. The text in braces decides the hash slot, so that one script may use them all in a cluster.</summary>
internal sealed class RedisKeys
{
    private const int MaxLength = 128;

    /// <exception cref="ArgumentException">The key has other characters than store keys have; braces would spoil the slot.</exception>
    public RedisKeys(string prefix, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > MaxLength || !key.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new ArgumentException(
                $"A store key has 1 to {MaxLength} characters of a-z, 0-9 and '-'; this one does not.",
                nameof(key)
            );

        Key = key;
        Lease = $"{prefix}{{{key}}}:lease";
        Record = $"{prefix}{{{key}}}:record";
        Damaged = $"{prefix}{{{key}}}:damaged";
    }

    public string Key { get; }

    /// <summary>Exists while a process holds the lease; has the owner.</summary>
    public RedisKey Lease { get; }

    public RedisKey Record { get; }

    /// <summary>The newest damaged record, kept as evidence.</summary>
    public RedisKey Damaged { get; }
}
