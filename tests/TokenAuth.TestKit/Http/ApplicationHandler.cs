namespace TokenAuth.TestKit;

/// <summary>An application's handler above the primary one: it forwards each request unless the test says otherwise.</summary>
public sealed class ApplicationHandler : DelegatingHandler
{
    public ApplicationHandler() { }

    public ApplicationHandler(HttpMessageHandler inner)
        : base(inner) { }

    /// <summary>Gets the request, and the call that forwards one.</summary>
    public Func<
        HttpRequestMessage,
        Func<HttpRequestMessage, Task<HttpResponseMessage>>,
        Task<HttpResponseMessage>
    > Forward { get; init; } = (request, forward) => forward(request);

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => Forward(request, forwarded => base.SendAsync(forwarded, cancellationToken));
}
