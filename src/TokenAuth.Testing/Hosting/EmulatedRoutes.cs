using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TokenAuth.Testing;

/// <summary>The vendors' own paths, all on one port.</summary>
internal sealed class EmulatedRoutes(IEndpointRouteBuilder routes)
{
    // https://cloud.vk.com/docs/ml/vision
    private static readonly string[] s_visionMethods =
    [
        "objects/detect",
        "docs/detect",
        "docs/recognize",
        "text/recognize",
        "persons/set",
        "persons/recognize",
        "persons/delete",
        "persons/truncate",
        "photo/improve",
        "photo/recolor",
        "adult/detect",
    ];

    public void MapTokens(EmulatedVkCloud vkCloud, EmulatedAzureSpeech azureSpeech)
    {
        Post(TokenServiceEndpoint.VkToken, "/auth/oauth/v1/token", vkCloud.TokenAsync);
        Post(TokenServiceEndpoint.AzureToken, "/sts/v1.0/issueToken", azureSpeech.IssueTokenAsync);
        Post(TokenServiceEndpoint.AzureToken, "/v1.0/issueToken", azureSpeech.IssueTokenAsync);
    }

    public void MapVkCloud(TokenServiceEmulatorOptions options, VkCloudGate gate, LedgerBook book)
    {
        var synthesis = new VkVoiceSynthesis(options, gate, book);
        var stream = new VkVoiceStream(options, gate, book);
        var vision = new VkVision(options, gate, book);

        Post(TokenServiceEndpoint.VkVoice, "/asr", new VkVoiceRecognition(options, gate, book).RecognizeAsync);
        Post(TokenServiceEndpoint.VkVoice, "/tts", synthesis.SynthesizeAsync);
        Get(TokenServiceEndpoint.VkVoice, "/tts", synthesis.SynthesizeAsync);
        Post(TokenServiceEndpoint.VkVoice, "/asr_stream/create_task", stream.CreateTaskAsync);
        Post(TokenServiceEndpoint.VkVoice, "/asr_stream/add_chunk", stream.AddChunkAsync);
        Get(TokenServiceEndpoint.VkVoice, "/asr_stream/get_result", stream.GetResultAsync);
        foreach (var method in s_visionMethods)
            Post(TokenServiceEndpoint.VkVision, "/api/v1/" + method, context => vision.AnswerAsync(context, method));
    }

    public void MapAzureSpeech(AzureSpeechGate gate, LedgerBook book)
    {
        var recognition = new AzureSpeechRecognition(gate, book);
        var synthesis = new AzureSpeechSynthesis(gate, book);
        var voices = new AzureSpeechVoiceList(gate);
        var transcriptions = new AzureSpeechTranscriptions(gate);

        // Regional hosts have no prefix, a custom domain has one.
        foreach (var prefix in (string[])["", "/stt"])
            Post(
                TokenServiceEndpoint.AzureStt,
                $"{prefix}/speech/recognition/conversation/cognitiveservices/v1",
                recognition.RecognizeAsync
            );
        foreach (var prefix in (string[])["", "/tts"])
        {
            Post(TokenServiceEndpoint.AzureTts, $"{prefix}/cognitiveservices/v1", synthesis.SynthesizeAsync);
            Get(TokenServiceEndpoint.AzureTts, $"{prefix}/cognitiveservices/voices/list", voices.ListAsync);
        }
        Get(TokenServiceEndpoint.AzureTranscriptions, "/speechtotext/transcriptions", transcriptions.ListAsync);
        Get(
            TokenServiceEndpoint.AzureTranscriptions,
            "/speechtotext/transcriptions/locales",
            transcriptions.ListLanguagesAsync
        );
    }

    /// <summary>The paths of the Speech SDK, at a regional host and, below <c>/stt</c> and <c>/tts</c>, at a custom domain.</summary>
    public void MapSpeechSockets(TokenServiceEmulatorOptions options, AzureSpeechGate gate, LedgerBook book)
    {
        var synthesis = new SpeechSocketEndpoint(
            options,
            gate,
            TokenServiceEndpoint.AzureTts,
            (_, socket) => new SynthesisDialogue(socket, book)
        );

        foreach (var prefix in (string[])["", "/stt"])
        {
            foreach (var mode in (string[])["interactive", "conversation", "dictation"])
                Listen($"{prefix}/speech/recognition/{mode}/cognitiveservices/v1", mode == "interactive");
            Listen($"{prefix}/speech/universal/v2", isInteractive: false);
        }

        foreach (var prefix in (string[])["", "/tts"])
            Get(TokenServiceEndpoint.AzureTts, $"{prefix}/cognitiveservices/websocket/v1", synthesis.ServeAsync);

        void Listen(string path, bool isInteractive)
        {
            var recognition = new SpeechSocketEndpoint(
                options,
                gate,
                TokenServiceEndpoint.AzureStt,
                (context, socket) => new RecognitionDialogue(context, socket, book, isInteractive)
            );
            Get(TokenServiceEndpoint.AzureStt, path, recognition.ServeAsync);
        }
    }

    private void Post(TokenServiceEndpoint endpoint, string path, RequestDelegate answer) =>
        routes.MapPost(path, answer).WithMetadata(new TokenServiceEndpointMark(endpoint));

    private void Get(TokenServiceEndpoint endpoint, string path, RequestDelegate answer) =>
        routes.MapGet(path, answer).WithMetadata(new TokenServiceEndpointMark(endpoint));
}
