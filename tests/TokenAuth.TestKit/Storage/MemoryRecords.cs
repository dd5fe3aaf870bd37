using System.Collections.Concurrent;

namespace TokenAuth.TestKit;

/// <summary>What several <see cref="MemoryTokenStore"/>s share, as processes share a directory or a table.</summary>
public sealed class MemoryRecords
{
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    public Place For(string key) => _places.GetOrAdd(key, _ => new Place());

    /// <summary>The place of one record; whoever reads or changes it locks it.</summary>
    public sealed class Place
    {
        public byte[]? Content { get; set; }

        public byte[]? Damaged { get; set; }

        /// <summary>Another one for each content that a store put here.</summary>
        public object Version { get; set; } = new();

        /// <summary>Whether a store forgot the record, and none was written since.</summary>
        public bool IsRemoved { get; set; }

        /// <summary>Who has the lease; null when it is free.</summary>
        public object? Holder { get; set; }

        public DateTimeOffset HeldSince { get; set; }
    }
}
