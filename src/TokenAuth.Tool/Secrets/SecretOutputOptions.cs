namespace TokenAuth.Tool;

/// <summary>The person's choice of where a secret is written.</summary>
/// <param name="What">The word for it in messages.</param>
/// <param name="File">Null for the standard output.</param>
internal sealed record SecretOutputOptions(string What, string? File, bool MayShow);
