namespace TokenAuth;

/// <summary>
/// A fake in the place of a credential: its hosts and rules where it names hosts, those of the replaced provider otherwise. The fake stays
/// its maker's to dispose.
/// </summary>
internal class ReplacedCredential(ITokenProvider fake, ITokenAudience? replaced) : DelegatingTokenProvider(fake)
{
    // A fixed token is a fake too, and names no host.
    private readonly ITokenAudience? _audience = fake is ITokenAudience { AllowedHosts.Count: > 0 } own
        ? own
        : replaced;

    public override IReadOnlyCollection<string> AllowedHosts => _audience?.AllowedHosts ?? [];

    public override ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) => _audience?.IsRejectedAsync(response, cancellationToken) ?? base.IsRejectedAsync(response, cancellationToken);

#pragma warning disable CA2215 // the base disposes the fake
    protected override void Dispose(bool disposing) { }

    protected override ValueTask DisposeAsyncCore() => default;
#pragma warning restore CA2215
}
