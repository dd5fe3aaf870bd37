namespace TokenAuth;

/// <summary>Words why a host gets no credential, without what else the URI contains.</summary>
internal static class HostRefusal
{
    private static readonly string[] _blobSuffixes =
    [
        ".blob.core.windows.net",
        ".blob.core.usgovcloudapi.net",
        ".blob.core.chinacloudapi.cn",
    ];

    private static readonly string[] _managementSuffixes =
    [
        ".api.cognitive.microsoft.com",
        ".api.cognitive.microsoft.us",
        ".api.cognitive.azure.cn",
    ];

    public static string Say(string owner, Uri uri, IEnumerable<string> allowed)
    {
        var entry = AllowedHost.EntryFor(uri);
        var opening = $"{owner} sends no credential to '{uri.Scheme}://{entry}'";
        if (HostName.Of(uri) is not { } host)
            return $"{opening}: that is not a host name. Correct the address.";
        if (uri.Scheme.Contains('+'))
            return $"{opening}: only service discovery understands '{uri.Scheme}', and none has resolved the address. Add "
                + "AddServiceDiscovery() to this client (package Microsoft.Extensions.ServiceDiscovery), or use the service's https address.";
        if (!RequestScheme.IsSecure(uri))
            return OfScheme(opening, entry, uri, owner);
        if (host[host.Length - 1] == '.')
            return $"{opening}. Write the host without the dot at its end, '{EntryWithoutDot(entry)}'.";
        if (Array.Exists(_blobSuffixes, suffix => host.EndsWith(suffix, StringComparison.Ordinal)))
            return $"{opening}: Azure's blob storage takes no such credential, the address of a result carries its own signature. "
                + "Send this request with a client without TokenAuth.";

        if (IsManagementOf(host, allowed))
            return $"{opening}: that host takes a subscription key (AddSubscriptionKey, SubscriptionKeyHandler), and a token of issueToken only where "
                + "the provider's Scope is 'speechservicesmanagement'. Send the key, or set Scope.";

        return $"{opening}: the credential is for {Names(allowed)}. If that service may receive it, add \"{entry}\" to AllowedHosts in the "
            + $"options of {owner}.";
    }

    public static string SayHostHeader(string owner, Uri uri, string header) =>
        $"{owner} sends no credential to '{uri.Scheme}://{AllowedHost.EntryFor(uri)}': the request's Host header names '{header}', "
        + "which is not on its list. Remove the header, or add that host to AllowedHosts in the options of "
        + $"{owner} if it may receive the credential.";

    // Of a region whose other hosts are listed: on the list, it would refuse the token all the same.
    private static bool IsManagementOf(string host, IEnumerable<string> allowed)
    {
        var data = $"{host.Split('.')[0]}.stt.";

        return Array.Exists(_managementSuffixes, suffix => host.EndsWith(suffix, StringComparison.Ordinal))
            && allowed.Any(entry => entry.StartsWith(data, StringComparison.OrdinalIgnoreCase));
    }

    private static string OfScheme(string opening, string entry, Uri uri, string owner) =>
        RequestScheme.IsPlain(uri)
            ? $"{opening}: only {RequestScheme.SecureFor(uri)} and loopback may receive one. Use the service's "
                + $"{RequestScheme.SecureFor(uri)} address, or, for an emulator, add \"{entry}\" to AllowHttp in the options of {owner}."
            : $"{opening}: only https and loopback may receive one. Use the service's https address.";

    private static string EntryWithoutDot(string entry) =>
        entry.IndexOf(".:", StringComparison.Ordinal) is >= 0 and var dot ? entry.Remove(dot, 1) : entry.TrimEnd('.');

    private static string Names(IEnumerable<string> allowed)
    {
        var names = string.Join(", ", allowed);
        return names.Length == 0
            ? "loopback only, since neither its provider nor its options name a host"
            : $"{names} and loopback";
    }
}
