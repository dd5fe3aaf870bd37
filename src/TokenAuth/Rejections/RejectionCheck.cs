namespace TokenAuth;

/// <summary>Says whether a response refuses the credential: by the options, else by the provider, else as every service may.</summary>
internal sealed class RejectionCheck(
    Func<HttpResponseMessage, CancellationToken, ValueTask<bool>>? ofOptions,
    ITokenAudience? audience
)
{
    /// <summary>Whether the options' rule judges, which is the application's code and is not shown the credential.</summary>
    public bool IsTheOptions => ofOptions is not null;

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (ofOptions is not null)
            return ofOptions(response, cancellationToken);
        if (audience is not null)
            return audience.IsRejectedAsync(response, cancellationToken);

        return new(StandardRejection.Is(response));
    }
}
