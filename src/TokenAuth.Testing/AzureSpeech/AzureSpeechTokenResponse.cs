using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>The responses of issueToken, as documented and captured.</summary>
internal static class AzureSpeechTokenResponse
{
    private const string WrongKey =
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
        + "active subscription and use a correct regional API endpoint for your resource.";

    private const string LengthRequired = """
        <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">
        <HTML><HEAD><TITLE>Length Required</TITLE>
        <META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>
        <BODY><h2>Length Required</h2>
        <hr><p>HTTP Error 411. The request must be chunked or have a content length.</p>
        </BODY></HTML>

        """;

    public static Task TokenAsync(HttpContext context, string token) =>
        EmulatedResponse.TextAsync(context, StatusCodes.Status200OK, "text/plain", token);

    public static Task LengthRequiredAsync(HttpContext context) =>
        EmulatedResponse.TextAsync(
            context,
            StatusCodes.Status411LengthRequired,
            "text/html; charset=us-ascii",
            LengthRequired.ReplaceLineEndings("\r\n")
        );

    public static Task WrongKeyAsync(HttpContext context, AzureSpeechErrorShape shape) =>
        shape switch
        {
            AzureSpeechErrorShape.StatusCode => EmulatedResponse.TextAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "application/json",
                $$"""{ "statusCode": 401, "message": "{{WrongKey}}" }"""
            ),
            AzureSpeechErrorShape.Translator => WrongKeyAsync(context, JsonValue.Create(401001)),
            _ => WrongKeyAsync(context, JsonValue.Create("401")),
        };

    public static Task PermissionDeniedAsync(HttpContext context) =>
        ErrorAsync(
            context,
            StatusCodes.Status401Unauthorized,
            JsonValue.Create("PermissionDenied"),
            "Principal does not have access to API/Operation."
        );

    public static Task CustomDomainRequiredAsync(HttpContext context) =>
        ErrorAsync(
            context,
            StatusCodes.Status400BadRequest,
            JsonValue.Create("BadRequest"),
            "Please provide a custom subdomain for token authentication, otherwise API key is required."
        );

    private static Task WrongKeyAsync(HttpContext context, JsonValue code) =>
        ErrorAsync(context, StatusCodes.Status401Unauthorized, code, WrongKey);

    private static Task ErrorAsync(HttpContext context, int status, JsonValue code, string message) =>
        EmulatedResponse.JsonAsync(
            context,
            status,
            new JsonObject
            {
                ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
            }
        );
}
