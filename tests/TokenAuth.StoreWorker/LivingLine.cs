using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.StoreWorker;

/// <summary>
/// One provider of an application and its callers: prints each failure, each wait that was the longest so far, each new token, and each step with the
/// store. The vendor reads the process's number in a header.
/// </summary>
internal sealed class LivingLine : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly string _name;
    private readonly ITokenStore _store;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly VkCloudTokenProvider _provider;
    private TimeSpan _longest = TimeSpan.FromMilliseconds(500);
    private string? _token;

    public LivingLine(string process, string[] fields)
    {
        _name = fields[0];
        _store = WorkerStore.Open(fields[1], fields[2]);
        _client.DefaultRequestHeaders.Add("Worker", process);
        _provider = new VkCloudTokenProvider(
            Renewals.Options(new Uri(fields[3])),
            _client,
            store: new ToldStore(_store, Say)
        );
    }

    public async Task AskAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                var token = await _provider.GetTokenAsync();
                if (token.Value != _token)
                    Say("token", Fingerprint.Of(_token = token.Value));
            }
            catch (TokenAcquisitionException e)
            {
                Say("failed", e.Message.ReplaceLineEndings(" "));
            }

            var waited = Stopwatch.GetElapsedTime(start);
            if (waited > _longest)
                Say("waited", string.Create(CultureInfo.InvariantCulture, $"{(_longest = waited).TotalSeconds:0.0}"));
            await Task.WhenAny(ended, Task.Delay(_pause));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        if (_store is IAsyncDisposable store)
            await store.DisposeAsync();
        _client.Dispose();
    }

    private void Say(string what, string detail) => Console.WriteLine($"{what} {_name} {detail}");
}
