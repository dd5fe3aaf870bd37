namespace TokenAuth;

/// <summary>The host that a request names beside its URI: the virtual host, and with TLS the name that the certificate must have.</summary>
internal static class HostHeader
{
    private const string Name = "Host";

    /// <summary>The header as it was set, several values in one text; null when there is none.</summary>
    public static string? Of(HttpRequestMessage request) =>
#if NET
        !CredentialPlacement.HasNoHeaders(request) && request.Headers.NonValidated.TryGetValues(Name, out var values)
            ? values.ToString()
            : null;
#else
        request.Headers.TryGetValues(Name, out var values) ? string.Join(",", values) : null;
#endif
}
