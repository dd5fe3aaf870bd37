using System.Net;

namespace TokenAuth.Tests.Handlers;

/// <summary>Keeps its answers back until it is told to give them.</summary>
internal sealed class HeldPrimaryHandler : HttpClientHandler
{
    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What each request carried when it arrived: its URI and its headers.</summary>
    public List<string> Received { get; } = [];

    public void AnswerAll() => _answers.SetResult();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Received.Add(
            $"{request.RequestUri} {request.Headers}".Replace(Environment.NewLine, " ", StringComparison.Ordinal).Trim()
        );
        await _answers.Task.WaitAsync(cancellationToken);
        return new(HttpStatusCode.OK) { RequestMessage = request };
    }
}
