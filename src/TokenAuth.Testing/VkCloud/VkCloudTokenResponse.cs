using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Words the project's decision as the token endpoint does, or as it might.</summary>
internal static class VkCloudTokenResponse
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task WriteAsync(HttpContext context, VkCloudEmulatorOptions rules, VkCloudTokenOutcome outcome)
    {
        if (outcome is VkCloudTokenOutcome.Refused refused)
            return RefuseAsync(context, rules.ErrorShape, refused);

        var response = Granted(rules, (VkCloudTokenOutcome.Granted)outcome).ToJsonString(s_json);
        return EmulatedResponse.TextAsync(
            context,
            200,
            "application/json",
            rules.RewriteReply?.Invoke(response) ?? response
        );
    }

    private static JsonObject Granted(VkCloudEmulatorOptions rules, VkCloudTokenOutcome.Granted granted)
    {
        var response = new JsonObject();
        if (granted.RefreshToken is not null)
            response["refresh_token"] = granted.RefreshToken;
        response["access_token"] = granted.AccessToken.Value;

        var seconds = (long)granted.AccessToken.Life.TotalSeconds;
        var text = seconds.ToString(CultureInfo.InvariantCulture);
        _ = rules.LifetimeField switch
        {
            VkCloudLifetimeField.ExpiredInText => response["expired_in"] = text,
            VkCloudLifetimeField.ExpiredInNumber => response["expired_in"] = seconds,
            VkCloudLifetimeField.ExpiresInText => response["expires_in"] = text,
            VkCloudLifetimeField.ExpiresInNumber => response["expires_in"] = seconds,
            _ => null,
        };

        if (rules.ScopeShape != VkCloudScopeShape.Absent)
            response["scope"] = Scope(rules.ScopeShape, granted.AccessToken.Client.Scopes);
        return response;
    }

    private static JsonNode Scope(VkCloudScopeShape shape, IReadOnlyList<string> scopes) =>
        shape switch
        {
            VkCloudScopeShape.Text => JsonValue.Create(string.Join(' ', scopes)),
            VkCloudScopeShape.Array => new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]),
            _ => new JsonObject(scopes.Select(scope => KeyValuePair.Create<string, JsonNode?>(scope, 1))),
        };

    private static Task RefuseAsync(
        HttpContext context,
        VkCloudErrorShape shape,
        VkCloudTokenOutcome.Refused refused
    ) =>
        shape switch
        {
            VkCloudErrorShape.ErrorAndMessage => EmulatedResponse.JsonAsync(
                context,
                refused.StatusCode,
                new JsonObject { ["error"] = refused.Error, ["message"] = refused.Message }
            ),
            VkCloudErrorShape.ErrorAndDescription => EmulatedResponse.JsonAsync(
                context,
                refused.StatusCode,
                new JsonObject { ["error"] = refused.Error, ["error_description"] = refused.Message }
            ),
            VkCloudErrorShape.StatusAndBody => EmulatedResponse.JsonAsync(
                context,
                refused.StatusCode,
                new JsonObject { ["status"] = refused.StatusCode, ["body"] = refused.Message }
            ),
            VkCloudErrorShape.Html => EmulatedResponse.TextAsync(
                context,
                refused.StatusCode,
                "text/html",
                $"<html><body><h1>{refused.StatusCode}</h1></body></html>"
            ),
            _ => EmulatedResponse.TextAsync(context, refused.StatusCode, "text/plain", ""),
        };
}
