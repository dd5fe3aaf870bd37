using Microsoft.AspNetCore.Http;

namespace TokenAuth.Testing;

/// <summary>Reads the credential of a data request.</summary>
internal static class Credential
{
    private const string Scheme = "Bearer ";

    /// <summary>The bearer token, if there is exactly one <c>Authorization</c> header with one (RFC 6750 section 2.1).</summary>
    public static string? Bearer(HttpContext context) =>
        context.Request.Headers.Authorization is [{ } value]
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : null;
}
