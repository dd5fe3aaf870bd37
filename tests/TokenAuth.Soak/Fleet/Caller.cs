namespace TokenAuth.Soak;

/// <summary>Somebody who makes one request after the other, with a pause.</summary>
internal sealed class Caller(ApiCall api, Member member, Tally tally, SoakClock clock, int seed)
{
    private const int ShortestPause = 100;
    private const int LongestPause = 300;

    private readonly Random _random = new(seed);

    /// <summary>Goes on until told to stop; the request under way is always finished.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await CallAsync();
            await Task.Delay(_random.Next(ShortestPause, LongestPause), CancellationToken.None);
        }
    }

    private async Task CallAsync()
    {
        var start = clock.Awake;
        tally.Started();
#pragma warning disable CA1031 // whatever a caller gets to see is a result here
        try
        {
            if (await api.SendAsync(member.Client(api.Client)) is { } failure)
                tally.Failed(api, start, failure.What, isTyped: failure.IsRejection);
        }
        catch (Exception exception)
        {
            if (exception is TokenAcquisitionException)
                tally.NotSent();
            var isTyped =
                exception is TokenAcquisitionException { IsTransient: true } typed
                && typed.ProviderName == api.Line.Name;
            tally.Failed(api, start, $"{exception.GetType().Name}: {exception.Message}", isTyped);
        }
#pragma warning restore CA1031
        tally.Finished(clock.Awake - start);
    }
}
