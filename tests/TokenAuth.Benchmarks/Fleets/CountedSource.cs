using System.Globalization;

namespace TokenAuth.Benchmarks;

/// <summary>A vendor whose tokens live an hour, counted.</summary>
internal sealed class CountedSource(TimeProvider clock) : ITokenSource
{
    private int _calls; // through Interlocked

    public int Calls => Volatile.Read(ref _calls);

    public Task<TokenGrant> AcquireAsync(TokenGrant? previous, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture);
        var token = new AccessToken("token-" + number, clock.GetUtcNow() + TimeSpan.FromHours(1));

        return Task.FromResult(new TokenGrant(token) { RefreshToken = "refresh-token" });
    }
}
