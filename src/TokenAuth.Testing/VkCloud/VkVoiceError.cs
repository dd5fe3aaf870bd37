using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>
/// The documented errors of Voice: HTTP 400 with a code
/// (https://cloud.vk.com/docs/ml/cloud-voice/service-management/speech-recognition).
/// </summary>
internal sealed record VkVoiceError(int Code, string Message)
{
    public static readonly VkVoiceError AudioTooBig = new(4009, "Audio size too big");
    public static readonly VkVoiceError UnknownFormat = new(4033, "Unknown audio format");
    public static readonly VkVoiceError Corrupted = new(4034, "Audio is corrupted or in an unexpected format");
    public static readonly VkVoiceError InvalidToken = new(4048, "Invalid token");
    public static readonly VkVoiceError InactiveProject = new(4049, "Inactive project VK Cloud");
    public static readonly VkVoiceError InvalidText = new(4051, "Invalid text format");

    // The pages have no code for a wrong parameter.
    public static VkVoiceError BadParameter(string name) => new(4000, $"Invalid parameter: {name}");

    public static VkVoiceError From(VkCloudAdmission admission) =>
        admission == VkCloudAdmission.InactiveProject ? InactiveProject : InvalidToken;

    public Task WriteAsync(HttpContext context, VkVoiceErrorShape shape) =>
        EmulatedResponse.JsonAsync(
            context,
            StatusCodes.Status400BadRequest,
            shape switch
            {
                VkVoiceErrorShape.Code => new JsonObject { ["code"] = Code, ["message"] = Message },
                VkVoiceErrorShape.ErrorCode => new JsonObject
                {
                    ["qid"] = RandomText.QueryId(),
                    ["error_code"] = Code,
                    ["error_message"] = Message,
                },
                VkVoiceErrorShape.StatusAndBody => new JsonObject { ["status"] = Code, ["body"] = Message },
                _ => new JsonObject
                {
                    ["qid"] = RandomText.QueryId(),
                    ["error"] = new JsonObject { ["code"] = Code, ["message"] = Message },
                },
            }
        );
}
