using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Writes whole responses with their length, as both vendors send them.</summary>
internal static class EmulatedResponse
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task JsonAsync(HttpContext context, int status, JsonNode body) =>
        TextAsync(context, status, "application/json", body.ToJsonString(s_json));

    public static Task TextAsync(HttpContext context, int status, string contentType, string body) =>
        BytesAsync(context, status, contentType, Encoding.UTF8.GetBytes(body));

    public static Task BytesAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
