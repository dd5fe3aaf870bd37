namespace TokenAuth.LeakTests;

/// <summary>An application's store whose exceptions tell everything.</summary>
internal sealed class TalkativeStore : ITokenStore
{
    public ValueTask<TokenRecord?> ReadAsync(string key, CancellationToken cancellationToken) =>
        new((TokenRecord?)null);

    public ValueTask<ITokenLease> AcquireLeaseAsync(string key, CancellationToken cancellationToken) =>
        new(new Lease());

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken) => default;

    private sealed class Lease : ITokenLease
    {
        public TokenRecord? Record => null;

        public ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"{record.Grant.AccessToken.Value} {record.Grant.RefreshToken}");

        public ValueTask DisposeAsync() => throw new InvalidOperationException("also at the end");
    }
}
