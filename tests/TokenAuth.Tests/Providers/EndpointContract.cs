using System.Net;
using TokenAuth.Testing;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Providers;

/// <summary>The contract of a provider with a token endpoint.</summary>
public abstract class EndpointContract : ObtainedTokenContract, IDisposable
{
    private readonly ScriptedEndpoint _endpoint;
    private Task _held = Task.CompletedTask;
    private bool _isFailing;

    protected EndpointContract()
    {
        _endpoint = new ScriptedEndpoint(Time) { Answer = (n, _) => RespondAsync(n) };
    }

    protected ManualTimeProvider Time { get; } = new();

    protected HttpClient Client => _endpoint.Client;

    protected override int Exchanges => _endpoint.Requests.Count;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected static string Jwt(int n) => $"eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln{n:0000}";

    protected static HttpResponseMessage Text(string body) => ScriptedEndpoint.Text(body);

    protected static HttpResponseMessage Json(string body) => ScriptedEndpoint.Json(body);

    /// <summary>Grants token n.</summary>
    protected abstract HttpResponseMessage Grant(int n);

    protected override Action Hold()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = release.Task;

        return release.SetResult;
    }

    protected override void Fail() => _isFailing = true;

    protected override void Recover() => _isFailing = false;

    protected override Task PassAsync(Task work) => Time.AdvanceUntilAsync(work, TimeSpan.FromMilliseconds(100));

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _endpoint.Dispose();
    }

    private async Task<HttpResponseMessage> RespondAsync(int n)
    {
        await _held;

        return _isFailing
            ? ScriptedEndpoint.Reply(HttpStatusCode.ServiceUnavailable, "secret of the service")
            : Grant(n);
    }
}
