using System.Net;
using System.Text;

namespace TokenAuth.TestKit;

/// <summary>
/// A token endpoint at the wire that records each request and answers as the test says, also with failures, silence and answers of
/// another request, which MockHttp cannot.
/// </summary>
public sealed class ScriptedEndpoint : IDisposable
{
    private readonly List<WireRequest> _requests = [];
    private readonly TimeProvider _time;

    public ScriptedEndpoint(TimeProvider time)
    {
        _time = time;
        Handler = new OpaqueHandler(AnswerAsync);
        Client = new HttpClient(Handler);
    }

    public HttpClient Client { get; }

    /// <summary>What stands below a client.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>Answers request n (from 1).</summary>
    public Func<int, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
        (n, _) => throw new InvalidOperationException($"The test has no answer for request {n}.");

    public IReadOnlyList<WireRequest> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>Answers each request with the next of these, and all further ones with the last.</summary>
    public void Answers(params Func<HttpResponseMessage>[] answers) =>
        Answer = (n, _) => Task.FromResult(answers[Math.Min(n, answers.Length) - 1]());

    /// <summary>Never answers; gives up when the caller does.</summary>
    public static async Task<HttpResponseMessage> Silence(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException();
    }

    public static HttpResponseMessage Reply(
        HttpStatusCode status,
        string body = "",
        string type = "application/json"
    ) => new(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static HttpResponseMessage Json(string body) => Reply(HttpStatusCode.OK, body);

    public static HttpResponseMessage Text(string body) => Reply(HttpStatusCode.OK, body, "text/plain");

    public void Dispose() => Client.Dispose();

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var recorded = await WireRequest.FromAsync(request, _time.GetUtcNow());
        int number;
        lock (_requests)
        {
            _requests.Add(recorded);
            number = _requests.Count;
        }

        var response = await Answer(number, cancellationToken);
        response.RequestMessage ??= request;

        return response;
    }
}
