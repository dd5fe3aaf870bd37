using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Reads the credential of a data request.</summary>
internal static class Credential
{
    private const string Scheme = "Bearer ";

    /// <summary>The bearer token, if there is exactly one <c>Authorization</c> header with one (RFC 6750 section 2.1).</summary>
    public static string? Bearer(HttpContext context) =>
        Read(context, "Authorization") is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;

    /// <summary>
    /// The one value of a header. A browser can set none for a websocket and says it in the query, so there the query
    /// counts too.
    /// </summary>
    public static string? Read(HttpContext context, string name)
    {
        if (context.Request.Headers.TryGetValue(name, out var values))
            return values is [{ } value] ? value : null;

        return context.WebSockets.IsWebSocketRequest && context.Request.Query[name] is [{ } inQuery] ? inQuery : null;
    }
}
