using System.Globalization;

namespace TokenAuth.Benchmarks;

/// <summary>Sends through an <see cref="HttpMessageInvoker"/>, which a client is too.</summary>
internal sealed class InvokerCaller(string name, HttpMessageInvoker invoker, StubHandler stub) : Caller(name)
{
    private int _requests;

    /// <summary>The header that is set by hand on each request, and its value; null where a handler does it.</summary>
    public (string Name, string Value)? ByHand { get; init; }

    /// <summary>Whether each request goes to an address of its own, as with an identifier in it.</summary>
    public bool AsksNewAddresses { get; init; }

    public override void Send(int count)
    {
        if (stub.IsLater)
            SendAndAnswer(count);
        else
            SendToCompletion(count);
    }

    private void SendToCompletion(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var sending = invoker.SendAsync(Request(), CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
                sending.GetAwaiter().GetResult();
        }
    }

    private void SendAndAnswer(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var sending = SendAsync();
            stub.AnswerTo(sending);
            sending.GetAwaiter().GetResult();
        }
    }

    private async Task<HttpResponseMessage> SendAsync() => await invoker.SendAsync(Request(), CancellationToken.None);

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, AsksNewAddresses ? NewAddress() : StubHandler.Address);
        if (ByHand is var (header, value))
            request.Headers.TryAddWithoutValidation(header, value);

        return request;
    }

    private Uri NewAddress()
    {
        const int addresses = 1_000; // all of one length, so that bytes compare

        _requests = (_requests + 1) % addresses;

        return new(string.Create(CultureInfo.InvariantCulture, $"https://voice.mcs.mail.ru/tts?text={_requests:D3}"));
    }
}
