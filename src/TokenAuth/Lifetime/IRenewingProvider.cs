namespace TokenAuth;

/// <summary>A provider whose tokens the engine keeps alive.</summary>
internal interface IRenewingProvider
{
    /// <summary>The engine; null when there is none behind it.</summary>
    CachedTokenProvider? Engine { get; }
}
