namespace TokenAuth;

/// <summary>Words the error of an entry in a list of hosts, and how to write it.</summary>
internal static class HostEntryError
{
    private const string AllowedHostsRemedy =
        "Write 'api.example.com' or '.example.com' for port 443, or 'api.example.com:8443', without scheme, path or wildcard.";

    private const string AllowHttpRemedy =
        "Write 'emulator:8080', or 'api.example.com' for port 80, without scheme, path or wildcard.";

    /// <summary>Null when there is none.</summary>
    public static string? OfAllowedHosts(string? entry) =>
        string.IsNullOrWhiteSpace(entry) ? $"An entry of AllowedHosts is empty. {AllowedHostsRemedy}"
        : AllowedHost.Read(entry!) is not null ? null
        : $"'{entry}' in AllowedHosts is not a host. {AllowedHostsRemedy}";

    /// <inheritdoc cref="OfAllowedHosts"/>
    public static string? OfAllowHttp(string? entry) =>
        string.IsNullOrWhiteSpace(entry) ? $"An entry of AllowHttp is empty. {AllowHttpRemedy}"
        : entry![0] != '.' && AllowedHost.Read(entry) is not null ? null
        : $"'{entry}' in AllowHttp is not a host. {AllowHttpRemedy}";
}
