namespace TokenAuth.Testing;

/// <summary>The two keys of the resource, and older ones that are not dead yet.</summary>
internal sealed class AzureSpeechKeys(TokenServiceEmulatorOptions options)
{
    private readonly object _gate = new();
    private readonly Dictionary<AzureSpeechKey, string> _keys = new() // guarded by _gate
    {
        [AzureSpeechKey.Primary] = options.AzureSpeech.PrimaryKey,
        [AzureSpeechKey.Secondary] = options.AzureSpeech.SecondaryKey,
    };
    private readonly Dictionary<string, DateTimeOffset> _dying = new(StringComparer.Ordinal); // guarded by _gate

    public string this[AzureSpeechKey which]
    {
        get
        {
            lock (_gate)
                return _keys[which];
        }
    }

    public void Replace(AzureSpeechKey which, string key, TimeSpan oldKeyLivesFor)
    {
        lock (_gate)
        {
            _dying[_keys[which]] = options.TimeProvider.GetUtcNow() + oldKeyLivesFor;
            _keys[which] = key;
        }
    }

    public bool Accepts(string key)
    {
        lock (_gate)
        {
            return _keys.ContainsValue(key)
                || (_dying.TryGetValue(key, out var end) && options.TimeProvider.GetUtcNow() < end);
        }
    }
}
