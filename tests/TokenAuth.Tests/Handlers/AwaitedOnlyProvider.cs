using System.Threading.Tasks.Sources;

namespace TokenAuth.Tests.Handlers;

/// <summary>Its token is there only after somebody awaits it; whoever takes it at once gets an exception.</summary>
internal sealed class AwaitedOnlyProvider(string token) : ITokenProvider, IValueTaskSource<AccessToken>
{
    private volatile bool _isAwaited;

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) => new(this, 0);

    public void Invalidate(AccessToken rejected) { }

    public ValueTaskSourceStatus GetStatus(short token) =>
        _isAwaited ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    public AccessToken GetResult(short _) =>
        _isAwaited ? new(token) : throw new InvalidOperationException("The token was not awaited.");

    public void OnCompleted(Action<object?> continuation, object? state, short _, ValueTaskSourceOnCompletedFlags flags)
    {
        _isAwaited = true;
        ThreadPool.QueueUserWorkItem(_ => continuation(state));
    }
}
