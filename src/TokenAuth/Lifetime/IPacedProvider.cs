namespace TokenAuth;

/// <summary>A provider that leaves its vendor alone for a while after a grant that was refused or lost. Eviction would lose the memory of that pause.</summary>
internal interface IPacedProvider
{
    bool IsPaced { get; }
}
