namespace TokenAuth.Benchmarks;

/// <summary>What a request is sent through.</summary>
internal enum Channel
{
    Invoker,
    Client,
    FactoryClient,
}
