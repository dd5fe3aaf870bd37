namespace TokenAuth;

/// <summary>Words why a host gets no credential, without what else the URI contains.</summary>
internal static class HostRefusal
{
    public static string Say(string owner, Uri uri)
    {
        var entry = AllowedHost.EntryFor(uri);
        if (HostName.Of(uri) is null)
            return $"{owner} sends no credential to '{uri.Scheme}://{entry}': that is not a host name. Correct the address.";
        if (!string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal))
            return $"{owner} sends no credential to '{uri.Scheme}://{entry}': only https and loopback may receive one. "
                + "Use the service's https address.";
        if (entry.TrimEnd('.') is var host && host.Length < entry.Length)
            return $"{owner} sends no credential to 'https://{entry}'. Write the host without the dot at its end, '{host}'.";

        return $"{owner} sends no credential to 'https://{entry}': the host is not on its list. "
            + $"If that service may receive the credential, add \"{entry}\" to TokenHandlerOptions.AllowedHosts.";
    }
}
