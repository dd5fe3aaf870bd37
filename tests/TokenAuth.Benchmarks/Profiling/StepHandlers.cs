namespace TokenAuth.Benchmarks;

/// <summary>Handlers that do one step more than the other, to tell what each step of a warm request costs.</summary>
internal static class StepHandlers
{
    /// <summary>Passes the request on.</summary>
    internal sealed class Pass : DelegatingHandler;

    /// <summary>Places a header that it was given, and takes it off.</summary>
    internal sealed class Place(string authorization) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            var sending = base.SendAsync(request, cancellationToken);
            if (sending.IsCompletedSuccessfully)
                request.Headers.Authorization = null;

            return sending;
        }
    }

    /// <summary>The same with a provider's token, which reads a clock.</summary>
    internal sealed class Obtain(ITokenProvider provider, string authorization) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var obtaining = provider.GetTokenAsync(cancellationToken);
            if (!obtaining.IsCompletedSuccessfully)
                obtaining.AsTask().GetAwaiter().GetResult();

            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            var sending = base.SendAsync(request, cancellationToken);
            if (sending.IsCompletedSuccessfully)
                request.Headers.Authorization = null;

            return sending;
        }
    }
}
