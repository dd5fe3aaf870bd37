using Grpc.Core;

namespace TokenAuth.ClientTests.Grpc;

/// <summary>Answers with the length of what it heard; live, when there is a pause, which is audio without samples.</summary>
internal sealed class RecognizerService : Recognizer.RecognizerBase
{
    public override Task<Phrase> Recognize(Audio request, ServerCallContext context) =>
        Task.FromResult(Phrase(request));

    public override async Task<Phrase> RecognizeUpload(
        IAsyncStreamReader<Audio> requestStream,
        ServerCallContext context
    )
    {
        var length = 0;
        await foreach (var audio in requestStream.ReadAllAsync(context.CancellationToken))
            length += audio.Samples.Length;

        return new() { Text = $"{length} bytes" };
    }

    public override async Task RecognizePhrases(
        Audio request,
        IServerStreamWriter<Phrase> responseStream,
        ServerCallContext context
    )
    {
        await responseStream.WriteAsync(Phrase(request), context.CancellationToken);
        await responseStream.WriteAsync(Phrase(request), context.CancellationToken);
    }

    public override async Task RecognizeLive(
        IAsyncStreamReader<Audio> requestStream,
        IServerStreamWriter<Phrase> responseStream,
        ServerCallContext context
    )
    {
        var heard = new Queue<Audio>();
        await foreach (var audio in requestStream.ReadAllAsync(context.CancellationToken))
            if (audio.Samples.IsEmpty)
                await AnswerAsync(heard, responseStream, context);
            else
                heard.Enqueue(audio);

        await AnswerAsync(heard, responseStream, context);
    }

    private static async Task AnswerAsync(
        Queue<Audio> heard,
        IServerStreamWriter<Phrase> responseStream,
        ServerCallContext context
    )
    {
        while (heard.TryDequeue(out var audio))
            await responseStream.WriteAsync(Phrase(audio), context.CancellationToken);
    }

    private static Phrase Phrase(Audio audio) => new() { Text = $"{audio.Samples.Length} bytes" };
}
