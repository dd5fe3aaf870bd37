namespace TokenAuth;

/// <summary>
/// A resource's own host. See
/// <see href="https://learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains">custom subdomains</see>.
/// </summary>
internal static class AzureSpeechCustomDomain
{
    /// <summary>True when the host is one of Azure's custom domains, of whatever cloud.</summary>
    public static bool Is(Uri address) => Suffix(address) is not null;

    /// <summary>The host, and the others of the same resource.</summary>
    public static IEnumerable<string> Hosts(Uri address)
    {
        if (!string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal))
            return []; // http is allowed at the handler, by name

        var own = address.IsDefaultPort ? Suffix(address) : null;
        var name = address.Host.Substring(0, address.Host.Length - (own?.Length ?? 0));
        var others = AzureSpeechCloud
            .All.Where(cloud => cloud.CustomDomains.Contains(own, StringComparer.Ordinal))
            .SelectMany(cloud => cloud.CustomDomains)
            .Select(suffix => name + suffix);

        return others.Prepend(Entry(address)).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    // In a list of hosts another port is named, and beside a bare name every port; a dot at the end is no part of the name.
    private static string Entry(Uri address)
    {
        var host = address.Host.TrimEnd('.');
        var isBare = address.HostNameType == UriHostNameType.Dns && host.IndexOf('.') < 0;

        return isBare || !address.IsDefaultPort ? FormattableString.Invariant($"{host}:{address.Port}") : host;
    }

    private static string? Suffix(Uri address) =>
        AzureSpeechCloud
            .All.SelectMany(cloud => cloud.CustomDomains)
            .FirstOrDefault(suffix => address.Host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
