using System.Text.Json.Nodes;

namespace TokenAuth.Testing;

/// <summary>One turn of speech to text: what is heard is told, until the turn has ended.</summary>
internal sealed class RecognitionTurn(SpeechSocket socket, string requestId, bool isInteractive, bool isDetailed)
{
    private readonly SpeechDetector _detector = new();
    private bool _hasEnded;

    public string RequestId => requestId;

    public Task StartAsync(CancellationToken cancellationToken) =>
        SendAsync(
            "turn.start",
            new() { ["context"] = new JsonObject { ["serviceTag"] = RandomText.QueryId() } },
            cancellationToken
        );

    /// <summary>Listens to more audio; no bytes at all mean that the audio has ended.</summary>
    public async Task HearAsync(byte[] audio, CancellationToken cancellationToken)
    {
        // A client may have sent more before it learned that the turn is over.
        if (_hasEnded)
            return;

        if (audio.Length == 0)
        {
            if (_detector.End() is { } last)
                await TellAsync(last, cancellationToken).ConfigureAwait(false);
            await EndAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var heard in _detector.Hear(audio))
        {
            await TellAsync(heard, cancellationToken).ConfigureAwait(false);
            if (isInteractive && heard is SpeechEvent.Completed or SpeechEvent.Silence)
            {
                await EndAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
        }
    }

    private async Task TellAsync(SpeechEvent heard, CancellationToken cancellationToken)
    {
        switch (heard)
        {
            case SpeechEvent.Started started:
                await SendAsync("speech.startDetected", At(started.Offset), cancellationToken).ConfigureAwait(false);
                break;
            case SpeechEvent.Continued { SoFar: var soFar }:
                var hypothesis = Timed(soFar.Offset, soFar.Duration);
                hypothesis["Text"] = soFar.Text;
                await SendAsync("speech.hypothesis", hypothesis, cancellationToken).ConfigureAwait(false);
                break;
            case SpeechEvent.Completed { Phrase: var phrase }:
                await SendAsync("speech.endDetected", At(phrase.Offset + phrase.Duration), cancellationToken)
                    .ConfigureAwait(false);
                await SendAsync("speech.phrase", Success(phrase), cancellationToken).ConfigureAwait(false);
                break;
            case SpeechEvent.Silence { Duration: var duration }:
                var silence = Timed(TimeSpan.Zero, duration);
                silence["RecognitionStatus"] = "InitialSilenceTimeout";
                await SendAsync("speech.phrase", silence, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        _hasEnded = true;
        await SendAsync("turn.end", [], cancellationToken).ConfigureAwait(false);
    }

    private JsonObject Success(HeardPhrase phrase)
    {
        var result = Timed(phrase.Offset, phrase.Duration);
        result["RecognitionStatus"] = "Success";
        result["DisplayText"] = phrase.Text;
        if (isDetailed)
        {
            result["NBest"] = new JsonArray(
                new JsonObject
                {
                    ["Confidence"] = 0.9876,
                    ["Display"] = phrase.Text,
                    ["ITN"] = phrase.Text,
                    ["Lexical"] = phrase.Text,
                    ["MaskedITN"] = phrase.Text,
                }
            );
        }

        return result;
    }

    // Numbers here, in units of 100 ns; the REST endpoint sends them as text.
    private static JsonObject At(TimeSpan offset) => new() { ["Offset"] = offset.Ticks };

    private static JsonObject Timed(TimeSpan offset, TimeSpan duration) =>
        new()
        {
            ["Id"] = RandomText.QueryId(),
            ["Offset"] = offset.Ticks,
            ["Duration"] = duration.Ticks,
            ["Channel"] = 0,
        };

    private Task SendAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        socket.SendAsync(requestId, path, body, cancellationToken);
}
