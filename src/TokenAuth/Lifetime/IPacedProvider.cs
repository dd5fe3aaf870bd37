namespace TokenAuth;

/// <summary>A provider that leaves its vendor alone for a while after a grant that was refused or lost; with it that memory would go.</summary>
internal interface IPacedProvider
{
    bool IsPaced { get; }
}
