using System.Net;

namespace TokenAuth;

/// <summary>
/// No usable token can be had. The message names the provider, what happened and what to do; neither it nor an inner
/// exception shows a secret.
/// </summary>
/// <remarks>
/// <see cref="Exception.HelpLink"/> is <c>urn:tokenauth:</c> and a code where the cause is known; the code is an anchor in
/// <c>docs/troubleshooting.md</c>.
/// </remarks>
public class TokenAcquisitionException : Exception
{
    private readonly Explanation? _explanation;

    /// <summary>Reports a failure of a provider that has no name yet.</summary>
    public TokenAcquisitionException()
        : this("No token could be obtained.") { }

    /// <summary>Reports a permanent failure with this message.</summary>
    public TokenAcquisitionException(string message)
        : base(message) { }

    /// <summary>Reports a permanent failure with this message and its cause.</summary>
    public TokenAcquisitionException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>The name the provider was registered under, or its type's name.</summary>
    /// <value>Empty until the engine fills it in.</value>
    public string ProviderName { get; init; } = "";

    /// <summary>True when the same call may succeed later without anybody changing a setting.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The token endpoint's HTTP status, when it answered.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>The endpoint's own error code, such as <c>invalid_client</c> (RFC 6749 section 5.2).</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The pause that the endpoint asked for; while renewals are held back, the rest of it.</summary>
    /// <value>From one second to 15 minutes.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The cause, where it is known.</summary>
    internal Explanation? Explanation
    {
        get => _explanation;
        init
        {
            _explanation = value;
            HelpLink = value?.Code.Link.OriginalString;
        }
    }

    /// <summary>True when the source did not ask for a grant because it would have cost something.</summary>
    internal bool IsWithheld { get; init; }

    /// <summary>True when the endpoint may have granted a token although its response did not arrive.</summary>
    internal bool MayHaveBeenGranted { get; init; }

    /// <summary>The kind of grant that was exchanged, for metrics.</summary>
    internal string? GrantType { get; init; }

    /// <summary>One of few values, for metrics; the status says it when this does not.</summary>
    internal string? ErrorType { get; init; }
}
