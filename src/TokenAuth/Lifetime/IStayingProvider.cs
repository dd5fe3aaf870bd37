namespace TokenAuth;

/// <summary>A provider that leaves its vendor alone for a while after a request that cost something, and keeps what no grant carries.</summary>
internal interface IStayingProvider
{
    /// <summary>True while its eviction would lose such a pause, or a refresh token that no grant carries.</summary>
    bool MustStay { get; }
}
