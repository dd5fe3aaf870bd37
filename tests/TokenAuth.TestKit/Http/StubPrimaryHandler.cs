using System.Net;

namespace TokenAuth.TestKit;

/// <summary>Answers without a network. Its redirects can be turned off, so that a refused request may be sent again.</summary>
public sealed class StubPrimaryHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpClientHandler
{
    private readonly List<string> _received = []; // guarded by itself

    /// <summary>Answers with one status after the other, and with the last one from then on.</summary>
    public StubPrimaryHandler(params int[] statuses)
        : this(Script(statuses)) { }

    /// <summary>What each request carried when it arrived: its URI and its headers.</summary>
    public IReadOnlyList<string> Received
    {
        get
        {
            lock (_received)
                return [.. _received];
        }
    }

    public bool AnswersLater { get; init; }

    /// <summary>Before this no asynchronous request is answered.</summary>
    public Task AnswersAfter { get; init; } = Task.CompletedTask;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Record(request);
        if (AnswersLater)
            await Task.Yield();
        if (request.Content is not null)
            await request.Content.CopyToAsync(Stream.Null, cancellationToken);
        await AnswersAfter.WaitAsync(cancellationToken);

        return Answer(request);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Record(request);

        return Answer(request);
    }

    private void Record(HttpRequestMessage request)
    {
        var text = $"{request.RequestUri} {request.Headers}";
        lock (_received)
            _received.Add(text.Replace(Environment.NewLine, " ", StringComparison.Ordinal).Trim());
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var response = answer(request);
        response.RequestMessage = request;

        return response;
    }

    private static Func<HttpRequestMessage, HttpResponseMessage> Script(int[] statuses)
    {
        var next = 0;

        return _ => new((HttpStatusCode)statuses[Math.Min(next++, statuses.Length - 1)]);
    }
}
