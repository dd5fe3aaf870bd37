using Azure.Core;
using Azure.Core.Pipeline;

namespace TokenAuth.Benchmarks;

/// <summary>Sends through Azure.Core's own pipeline, where its bearer policy lives.</summary>
internal sealed class AzurePipelineCaller(string name, HttpPipeline pipeline, StubHandler stub) : Caller(name)
{
    /// <summary>Set by hand on each request; null where a policy does it.</summary>
    public string? Authorization { get; init; }

    public override void Send(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var sending = SendAsync();
            stub.AnswerTo(sending);
            sending.GetAwaiter().GetResult();
        }
    }

    private async Task SendAsync()
    {
        using var message = pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(StubHandler.Address);
        if (Authorization is not null)
            message.Request.Headers.SetValue("Authorization", Authorization);

        await pipeline.SendAsync(message, CancellationToken.None);
    }
}
