using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Errors of settings, one sentence each, the same at start-up and in a constructor.</summary>
internal static class SettingError
{
    public static ValidateOptionsResult Result(IEnumerable<string> errors)
    {
        var found = errors.ToList();

        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public static void ThrowIfAny(IEnumerable<string> errors, string parameterName)
    {
        var found = errors.ToList();
        if (found.Count > 0)
            throw new ArgumentException(Lines(found), parameterName);
    }

    /// <summary>One error as it is, several as a list.</summary>
    public static string Lines(IReadOnlyCollection<string> errors) =>
        errors.Count == 1
            ? errors.First()
            : FormattableString.Invariant($"{errors.Count} settings are wrong:")
                + string.Concat(errors.Select(error => $"{Environment.NewLine}- {error}"));

    /// <summary>The error of a secret, which the sentence does not show; null when there is none.</summary>
    public static string? OfSecret(string setting, string? secret, string remedy) =>
        string.IsNullOrEmpty(secret) ? $"{setting} is missing; {remedy}."
        : PlaceholderText.Is(secret!) ? $"{setting} is still a placeholder; {remedy}."
        : IsQuoted(secret!) ? $"{setting} is in quotation marks, which would be sent along; remove them."
        : CredentialText.Error(secret) is { } error ? $"{setting} {error}."
        : null;

    /// <summary>The same for one that may be left out.</summary>
    public static string? OfOptionalSecret(string setting, string? secret, string remedy) =>
        string.IsNullOrEmpty(secret) ? null : OfSecret(setting, secret, remedy);

    /// <summary>The error of a token endpoint: https only, http for loopback and where the settings allow it, no user info, no key in it.</summary>
    /// <param name="allowHttp">Whether the settings say that http may go to another host, and how they are to say it.</param>
    /// <param name="secrets">The provider's own, which no address may have in it.</param>
    public static string? OfEndpoint(
        string setting,
        Uri endpoint,
        (bool IsSaid, string Setting) allowHttp,
        params string?[] secrets
    )
    {
        if (PlaceholderText.IsIn(endpoint.OriginalString))
            return $"{setting} is still a placeholder; write the whole address, with https://.";
        if (!endpoint.IsAbsoluteUri || endpoint.OriginalString.IndexOf("://", StringComparison.Ordinal) < 0)
            return $"{setting} is not an address; write it whole, with https://.";
        if (SecretInAddress.IsLikely(endpoint) || SecretInAddress.Has(endpoint, secrets))
            return $"{setting} has something in it that looks like a key or a token; write the address alone.";
        if (endpoint.UserInfo.Length > 0)
            return $"{setting} has a user name or password in the address of host '{endpoint.Host}'; remove them.";
        if (Is(endpoint, Uri.UriSchemeHttps))
            return null;
        if (Is(endpoint, Uri.UriSchemeHttp) && (allowHttp.IsSaid || Loopback.Is(endpoint)))
            return null;

        return $"{setting} is '{endpoint.GetLeftPart(UriPartial.Path)}'; a secret goes there, so it must be https (http is for loopback only, or for an emulator with {allowHttp.Setting} = true).";
    }

    /// <summary>An address without what may be secret in it: user info, query, and a key in the wrong place.</summary>
    public static string Shown(Uri? address) =>
        address is null ? "no endpoint"
        : !address.IsAbsoluteUri || SecretInAddress.IsLikely(address) ? "an endpoint that is no address"
        : address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static bool IsQuoted(string secret) =>
        secret.Length > 1 && secret[0] is '"' or '\'' && secret[secret.Length - 1] == secret[0];

    private static bool Is(Uri address, string scheme) =>
        string.Equals(address.Scheme, scheme, StringComparison.Ordinal);
}
