namespace TokenAuth.LeakTests;

/// <summary>A text that somebody could read, and where.</summary>
internal sealed record Sighting(string Place, string Text);
