using System.Net;

namespace TokenAuth.Tests.Handlers;

/// <summary>Answers without a network. Its redirects can be turned off, so that a refused request may be sent again.</summary>
internal sealed class StubPrimaryHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpClientHandler
{
    public StubPrimaryHandler(params int[] statuses)
        : this(Script(statuses)) { }

    /// <summary>What each request carried when it arrived: its URI and its headers.</summary>
    public List<string> Received { get; } = [];

    public bool AnswersLater { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (AnswersLater)
            await Task.Yield();
        if (request.Content is not null)
            await request.Content.CopyToAsync(Stream.Null, cancellationToken);

        return Answer(request);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Answer(request);

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        Received.Add(
            $"{request.RequestUri} {request.Headers}".Replace(Environment.NewLine, " ", StringComparison.Ordinal).Trim()
        );
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
