namespace TokenAuth.TestKit;

/// <summary>A wrapper that changes nothing.</summary>
public sealed class WrappingProvider(ITokenProvider inner) : DelegatingTokenProvider(inner);
