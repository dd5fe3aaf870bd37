using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace TokenAuth.Benchmarks;

/// <summary>A token endpoint at the wire of whoever asks: it counts, and it may take its time or fail.</summary>
internal sealed class FakeTokenEndpoint(string token) : HttpMessageHandler
{
    public static readonly Uri Address = new("https://tokens.example.com/token");

    private readonly Lock _gate = new();
    private int _calls; // guarded by _gate
    private long _firstCallAt; // guarded by _gate
    private long _lastAnswerAt; // guarded by _gate

    public int Calls => Read(() => _calls);

    /// <summary>From the first call to the last answer since <see cref="Reset"/>.</summary>
    public TimeSpan Busy =>
        Read(() => _calls == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_firstCallAt, _lastAnswerAt));

    public TimeSpan Delay { get; set; }

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan? RefreshAfter { get; set; }

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public void Reset()
    {
        lock (_gate)
            _calls = 0;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        int call;
        lock (_gate)
        {
            call = _calls++;
            if (call == 0)
                _firstCallAt = Stopwatch.GetTimestamp();
        }

        if (Delay > TimeSpan.Zero)
            await Task.Delay(Delay, cancellationToken);

        lock (_gate)
            _lastAnswerAt = Stopwatch.GetTimestamp();

        return new(Status) { RequestMessage = request, Content = JsonContent.Create(Reply(call, request)) };
    }

    // Each token differs, and has the same length.
    private FakeTokenReply Reply(int call, HttpRequestMessage request) =>
        new()
        {
            AccessToken = string.Concat(token.AsSpan(0, token.Length - 1), (call % 10).ToString("D", null)),
            ExpiresIn = (long)Lifetime.TotalSeconds,
            RefreshIn = (long?)RefreshAfter?.TotalSeconds,
            RefreshToken = request.RequestUri!.Host.Contains("microsoft", StringComparison.Ordinal) ? null : "r", // MSAL refuses it
        };

    private T Read<T>(Func<T> value)
    {
        lock (_gate)
            return value();
    }
}
