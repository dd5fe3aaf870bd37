using System.Net;

namespace TokenAuth.Benchmarks;

/// <summary>Answers at once, or when it is told to, so that what is measured is the way to it and back.</summary>
internal sealed class StubHandler(bool isLater) : HttpMessageHandler
{
    /// <summary>A service that VK Cloud's tokens may go to.</summary>
    public static readonly Uri Address = new("https://voice.mcs.mail.ru/tts");

    private static readonly HttpResponseMessage _response = Speech();
    private static readonly Task<HttpResponseMessage> _answered = Task.FromResult(_response);

    private TaskCompletionSource<HttpResponseMessage>? _pending;

    public bool IsLater => isLater;

    /// <summary>Gives each request a response of its own, for a caller who takes it apart.</summary>
    public bool IsTakenApart { get; init; }

    /// <summary>Gives the answer that was kept back; the caller goes on inside this call.</summary>
    public void AnswerTo(Task sending)
    {
        // At once, but for the first request, which may wait for a token elsewhere.
        do Interlocked.Exchange(ref _pending, null)?.SetResult(IsTakenApart ? Speech() : _response);
        while (!sending.IsCompleted);
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        if (!isLater)
            return IsTakenApart ? Task.FromResult(Speech()) : _answered;

        var pending = new TaskCompletionSource<HttpResponseMessage>();
        Volatile.Write(ref _pending, pending);

        return pending.Task;
    }

    private static HttpResponseMessage Speech()
    {
        var content = new ByteArrayContent([1]);
        content.Headers.TryAddWithoutValidation("Content-Type", "audio/wave"); // as it comes from a socket
        return new(HttpStatusCode.OK) { Content = content };
    }
}
