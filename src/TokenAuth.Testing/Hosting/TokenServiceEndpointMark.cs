namespace TokenAuth.Testing;

/// <summary>Says of a route which family it belongs to.</summary>
internal sealed record TokenServiceEndpointMark(TokenServiceEndpoint Endpoint);
