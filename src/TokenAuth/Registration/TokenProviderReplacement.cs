namespace TokenAuth;

/// <summary>A fake that a test puts in the place of a registered provider.</summary>
/// <param name="Name">The registered provider's, in any case.</param>
internal sealed record TokenProviderReplacement(string Name, ITokenProvider Provider);
