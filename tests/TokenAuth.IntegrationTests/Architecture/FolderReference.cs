namespace TokenAuth.IntegrationTests.Architecture;

/// <summary>A type of one folder is named in another.</summary>
/// <param name="Where">The file, the line and the type.</param>
internal sealed record FolderReference(string From, string To, string Where)
{
    public override string ToString() => $"{From} -> {To}: {Where}";
}
