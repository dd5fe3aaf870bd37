namespace TokenAuth.Benchmarks;

/// <summary>Somebody who keeps a token of the fake endpoint and sends requests with it.</summary>
internal abstract class Contender(string name, FakeTokenEndpoint endpoint)
{
    public string Name => name;

    public FakeTokenEndpoint Endpoint => endpoint;

    /// <summary>One request, whose service answers at once.</summary>
    public abstract Task SendAsync(CancellationToken cancellationToken);

    /// <summary>Obtains a token that is due for an early renewal, where there is such a thing.</summary>
    public abstract Task HoldAgedTokenAsync();

    /// <summary>Obtains a token that then expires.</summary>
    public abstract Task HoldExpiredTokenAsync();
}
