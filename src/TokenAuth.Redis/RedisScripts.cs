using System.Globalization;

namespace TokenAuth;

/// <summary>
/// Every step on a record as one script, which the server runs alone. KEYS: lease, record, damaged. Each may be run again when its
/// response was lost: the second run finds what the first one did.
/// </summary>
internal static class RedisScripts
{
    /// <summary>A longer record is set aside without being sent.</summary>
    public const int MaxRecordLength = 1024 * 1024;

    private const string Take = """
        local function take()
          local length = redis.call('STRLEN', KEYS[2])
          if length > {max} then
            redis.call('RENAME', KEYS[2], KEYS[3])
            return {'oversized', length}
          end
          return {'record', redis.call('GET', KEYS[2])}
        end

        """;

    public static string Read { get; } = WithTake("return take()");

    /// <summary>ARGV: owner, lease in milliseconds. Takes the lease unless another owner has it, and reads the record.</summary>
    public static string Acquire { get; } =
        WithTake(
            """
            if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
              if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'busy'} end
              redis.call('PEXPIRE', KEYS[1], ARGV[2])
            end
            return take()
            """
        );

    /// <summary>
    /// ARGV: owner, the content as it was leased or nothing, the new content, how many milliseconds that stays or nothing. Replaces the
    /// record and gives the lease back. Without its lease it replaces only what it leased; a record that a reader set aside under a
    /// lease that lives is no obstacle.
    /// </summary>
    public static string Write { get; } =
        $"""
            local holder = redis.call('GET', KEYS[1])
            local record = redis.call('GET', KEYS[2])
            if record ~= ARGV[3] then
              if holder and holder ~= ARGV[1] then return 'held' end
              if record and record ~= ARGV[2] then
                return string.find(record, '{RedisRemovedMark.Beginning}', 1, true) == 1 and 'gone' or 'newer'
              end
              if not record and ARGV[2] ~= '' and not holder then return 'gone' end
              if ARGV[4] == '' then
                redis.call('SET', KEYS[2], ARGV[3])
              else
                redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
                redis.call('DEL', KEYS[3])
              end
            end
            if holder == ARGV[1] then redis.call('DEL', KEYS[1]) end
            return 'written'
            """;

    /// <summary>ARGV: owner.</summary>
    public static string Release { get; } =
        "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

    /// <summary>ARGV: the damaged content. Keeps it, in place of an older one, if it is still there; returns what is there now.</summary>
    public static string SetAside { get; } =
        WithTake(
            """
            if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('RENAME', KEYS[2], KEYS[3]) end
            return take()
            """
        );

    /// <summary>Asks for the eviction policy in a script, because the client keeps the command itself for connections with allowAdmin.</summary>
    public static string EvictionPolicy { get; } =
        "return string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:([%w-]+)')";

    private static string WithTake(string script) =>
        Take.Replace("{max}", MaxRecordLength.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        + script;
}
