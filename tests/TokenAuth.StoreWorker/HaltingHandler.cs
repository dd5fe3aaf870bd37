namespace TokenAuth.StoreWorker;

/// <summary>Halts before the vendor is asked, or when it has granted and nobody has seen the response.</summary>
internal sealed class HaltingHandler(Halt halt) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await halt.AtAsync("calling");
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            await halt.AtAsync("granted");

        return response;
    }
}
