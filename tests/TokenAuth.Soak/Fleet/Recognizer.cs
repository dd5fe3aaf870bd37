namespace TokenAuth.Soak;

/// <summary>An object that copies its token, as a Speech SDK recognizer does, and is kept fresh.</summary>
internal sealed class Recognizer : IDisposable
{
    private readonly ITokenProvider _provider;
    private readonly IDisposable _keeping;
    private volatile string? _copy;

    public Recognizer(ITokenProvider provider)
    {
        _provider = provider;
        _keeping = provider.KeepFresh(token => _copy = token.Value);
    }

    public async Task<bool> IsFreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _provider.GetTokenAsync(cancellationToken)).Value == _copy;
        }
        catch (TokenAcquisitionException)
        {
            return false; // a run that was stopped in the middle of a fault
        }
    }

    public void Dispose() => _keeping.Dispose();
}
