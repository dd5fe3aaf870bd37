using Polly;
using Polly.Retry;

namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>An application's own retry: whatever is no success is sent again, the same message, twice.</summary>
internal sealed class RetryingHandler : DelegatingHandler
{
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline =
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(
                new RetryStrategyOptions<HttpResponseMessage>
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.Zero,
                    ShouldHandle = args => new(args.Outcome.Result is not { IsSuccessStatusCode: true }),
                }
            )
            .Build();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => await _pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
}
