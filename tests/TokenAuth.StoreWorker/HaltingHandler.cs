namespace TokenAuth.StoreWorker;

/// <summary>Halts before the vendor is asked, or when it has answered and nobody has seen the answer.</summary>
internal sealed class HaltingHandler(Halt halt) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await halt.AtAsync("calling");
        var response = await base.SendAsync(request, cancellationToken);
        await halt.AtAsync("granted");

        return response;
    }
}
