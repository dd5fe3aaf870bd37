namespace TokenAuth;

/// <summary>Says whether a response refuses the credential: by the options, else by the provider, else as every service may.</summary>
internal sealed class RejectionCheck(
    Func<HttpResponseMessage, CancellationToken, ValueTask<bool>>? ofOptions,
    ITokenAudience? audience,
    CredentialPlace place
)
{
    private readonly IPlacedRejections? _placed = audience as IPlacedRejections;

    /// <summary>True when the rule of the options judges. It is the application's code, and is not shown the credential.</summary>
    public bool IsTheOptions => ofOptions is not null;

    /// <summary>True when the rule finds out from the request, which a response may lack, that the credential was in the query.</summary>
    public bool NeedsRequest { get; } =
        place == CredentialPlace.Query && ofOptions is null && audience is not (null or IPlacedRejections);

    /// <summary>True when the provider's rule judges, which may remember refusals until the service accepts a request.</summary>
    public bool MayRemember => ofOptions is null && audience is not null;

    /// <summary>False: the response refuses nothing, as almost all do. The way of a task would cost as much as all other looks.</summary>
    public bool MayBeRejected(HttpResponseMessage response)
    {
        if (ofOptions is not null)
            return true;
        if (_placed is not null)
            return _placed.MayBeRejected(response, place);

        return audience is not null || StandardRejection.Is(response);
    }

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (ofOptions is not null)
            return ofOptions(response, cancellationToken);
        if (_placed is not null)
            return _placed.IsRejectedAsync(response, place, cancellationToken);
        if (audience is not null)
            return audience.IsRejectedAsync(response, cancellationToken);

        return new(StandardRejection.Is(response));
    }
}
