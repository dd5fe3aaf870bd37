namespace TokenAuth.Soak;

/// <summary>Something that goes wrong, with all its random choices made, until it is right again.</summary>
internal sealed record Episode(string What, Func<CancellationToken, Task> RunAsync);
