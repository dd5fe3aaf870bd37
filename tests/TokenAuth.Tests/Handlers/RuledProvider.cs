namespace TokenAuth.Tests.Handlers;

/// <summary>A provider with a rule of its own for what refuses its tokens.</summary>
internal sealed class RuledProvider(ITokenProvider tokens, Func<HttpResponseMessage, ValueTask<bool>> rule)
    : DelegatingTokenProvider(tokens)
{
    public override ValueTask<bool> IsRejectedAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) => rule(response);
}
