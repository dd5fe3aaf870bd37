using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// <c>/asr_stream/…</c>: the access token opens a task; chunks and results carry the task's own token, and no other.
/// </summary>
internal sealed class VkVoiceStream(TokenServiceEmulatorOptions options, VkCloudGate gate, LedgerBook book)
{
    private const int MaxChunk = 32_100;

    private readonly object _gate = new();
    private readonly IssuedTokens<VkVoiceTask> _tasks = new(options.TimeProvider, task => task.EndsAt); // by token, guarded by _gate

    public async Task CreateTaskAsync(HttpContext context)
    {
        var admission = gate.Admit(TokenServiceEndpoint.VkVoice, Credential.Bearer(context), "asr_stream");
        if (admission != VkCloudAdmission.Admitted)
        {
            await RefuseAsync(context, VkVoiceError.From(admission)).ConfigureAwait(false);
            return;
        }

        var task = new VkVoiceTask(options.TimeProvider.GetUtcNow());
        lock (_gate)
            _tasks.Add(task.Token, task);
        var result = new JsonObject { ["task_id"] = task.Id, ["task_token"] = task.Token };
        await AnswerAsync(context, result).ConfigureAwait(false);
    }

    public async Task AddChunkAsync(HttpContext context)
    {
        var length = await RequestBody.CountAsync(context).ConfigureAwait(false);
        book.Received(TokenServiceEndpoint.VkVoice, length);

        if (Find(context) is not { } task)
            await RefuseAsync(context, VkVoiceError.InvalidToken).ConfigureAwait(false);
        else if (ChunkFault(context, task, length) is { } fault)
            await RefuseAsync(context, fault).ConfigureAwait(false);
        else
            await AnswerAsync(context, Text(task)).ConfigureAwait(false);
    }

    public Task GetResultAsync(HttpContext context)
    {
        if (Find(context) is not { } task)
            return RefuseAsync(context, VkVoiceError.InvalidToken);

        var result = Text(task);
        // The page names "done" only.
        result["status"] = task.IsDone(options.TimeProvider.GetUtcNow()) ? "done" : "in_progress";
        return AnswerAsync(context, result);
    }

    private VkVoiceTask? Find(HttpContext context)
    {
        VkVoiceTask? task;
        lock (_gate)
            task = _tasks.Find(Credential.Bearer(context) ?? "");
        var isGood = task is not null && task.Id == context.Request.Query["task_id"];
        return gate.Admit(TokenServiceEndpoint.VkVoice, isGood) ? task : null;
    }

    private VkVoiceError? ChunkFault(HttpContext context, VkVoiceTask task, long length)
    {
        var query = context.Request.Query;
        if (!VkVoiceAudio.Takes(context.Request.ContentType))
            return VkVoiceError.UnknownFormat;
        if (length > MaxChunk)
            return VkVoiceError.AudioTooBig;
        if (length == 0)
            return VkVoiceError.Corrupted;
        return
            int.TryParse(query["chunk_num"], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && task.TryAdd(number, query["last"] == "1", options.TimeProvider.GetUtcNow())
            ? null
            : VkVoiceError.BadParameter("chunk_num");
    }

    private static JsonObject Text(VkVoiceTask task)
    {
        var text = string.Join(' ', Enumerable.Repeat("emulated", task.Chunks));
        return new() { ["text"] = text, ["punctuated_text"] = VkVoiceText.Punctuated(text) };
    }

    private static Task AnswerAsync(HttpContext context, JsonObject result) =>
        EmulatedResponse.JsonAsync(
            context,
            StatusCodes.Status200OK,
            new JsonObject { ["qid"] = RandomText.QueryId(), ["result"] = result }
        );

    private Task RefuseAsync(HttpContext context, VkVoiceError error) =>
        error.WriteAsync(context, options.VkCloud.VoiceErrorShape);
}
