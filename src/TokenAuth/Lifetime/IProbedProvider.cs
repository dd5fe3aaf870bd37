namespace TokenAuth;

/// <summary>A provider that knows a token endpoint and can ask it. A provider around another one implements it too, or probes end there.</summary>
internal interface IProbedProvider
{
    /// <inheritdoc cref="TokenProviderExtensions.ProbeAsync"/>
    Task<TokenProbeReport> ProbeAsync(TokenProbeOptions options, CancellationToken cancellationToken);
}
