using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary><c>POST /api/v1/{what}/{method}</c> (https://cloud.vk.com/docs/ml/vision).</summary>
internal sealed class VkVision(TokenServiceEmulatorOptions options, VkCloudGate gate, LedgerBook book)
{
    private static readonly string[] s_detectModes = ["object", "scene", "car_number", "multiobject", "pedestrian"];
    private static readonly string[] s_improveModes = ["improve", "resolution"];

    public async Task AnswerAsync(HttpContext context, string method)
    {
        if (context.Request.Query["oauth_provider"] is not [("mcs" or "mr") and var provider])
        {
            await RefuseAsync(context, 400, "bad request: oauth_provider must be mcs or mr, once")
                .ConfigureAwait(false);
            return;
        }

        if (context.Request.Query["oauth_token"] is not [{ Length: > 0 } token])
        {
            await RefuseAsync(context, 400, "bad request: oauth_token is required, once").ConfigureAwait(false);
            return;
        }

        var scope = method.StartsWith("persons/", StringComparison.Ordinal) ? "persons" : "objects";
        // The whole upload is read first, so that a refused client gets to read why.
        var (sent, fault) = await VkVisionImages
            .ReadAsync(context, hasParts: method is not ("persons/delete" or "persons/truncate"))
            .ConfigureAwait(false);
        book.Received(TokenServiceEndpoint.VkVision, sent?.Images.Sum(image => image.Length) ?? 0);

        var answer = gate.Admit(TokenServiceEndpoint.VkVision, token, scope) switch
        {
            VkCloudAdmission.InvalidToken => RefuseAsync(context, 401, VkVisionResponse.Unauthorized(provider, token)),
            VkCloudAdmission.InactiveProject => RefuseAsync(
                context,
                403,
                VkVisionResponse.Forbidden(provider, token, "project is not active")
            ),
            VkCloudAdmission.ScopeMissing => RefuseAsync(
                context,
                403,
                VkVisionResponse.Forbidden(provider, token, $"scope required: {scope}")
            ),
            _ => fault is null
                ? AnswerAsync(context, method, sent!)
                : RefuseAsync(context, 400, "bad request: " + fault),
        };
        await answer.ConfigureAwait(false);
    }

    private Task AnswerAsync(HttpContext context, string method, VkVisionImages sent)
    {
        var (known, suffix) = method switch
        {
            "objects/detect" => (s_detectModes, "_labels"),
            "photo/improve" => (s_improveModes, ""),
            _ => ([], ""),
        };
        if (known.Length == 0)
            return VkVisionResponse.AnswerAsync(
                context,
                new JsonObject { ["objects"] = Results(sent, labelled: false) }
            );

        var modes = sent.Meta["mode"] is JsonArray { Count: > 0 } given ? given.Select(Mode).ToList() : [];
        if (modes.Count == 0 || modes.Except(known, StringComparer.Ordinal).Any())
            return RefuseAsync(context, 400, "bad request: mode must name one or more of " + string.Join(", ", known));

        var body = new JsonObject();
        foreach (var mode in modes)
            body[mode + suffix] = Results(sent, labelled: method == "objects/detect");
        return VkVisionResponse.AnswerAsync(context, body);
    }

    private static string Mode(JsonNode? mode) =>
        mode?.GetValueKind() == JsonValueKind.String ? mode.GetValue<string>() : "";

    private static JsonArray Results(VkVisionImages sent, bool labelled) =>
        new([.. sent.Images.Select(image => Result(image.Name, labelled))]);

    private static JsonObject Result(string name, bool labelled)
    {
        var result = new JsonObject { ["status"] = 0, ["name"] = name };
        if (labelled)
        {
            result["labels"] = new JsonArray(
                new JsonObject
                {
                    ["eng"] = "Emulator",
                    ["rus"] = "Эмулятор",
                    ["eng_categories"] = new JsonArray(),
                    ["rus_categories"] = new JsonArray(),
                    ["prob"] = 0.9876,
                    ["coord"] = new JsonArray(0, 0, 1, 1),
                }
            );
        }

        return result;
    }

    private Task RefuseAsync(HttpContext context, int status, string body) =>
        VkVisionResponse.RefuseAsync(context, options.VkCloud, status, body);
}
