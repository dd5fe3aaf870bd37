using System.Diagnostics;

namespace TokenAuth;

/// <summary>One thing to ask of a token endpoint.</summary>
internal sealed class TokenEndpointCall
{
    /// <summary>The vendor's name, for messages: "VK Cloud", "Azure Speech".</summary>
    public required string Vendor { get; init; }

    /// <summary>The name of the endpoint that is asked, for messages.</summary>
    public string Subject { get; init; } = "token endpoint";

    public required string ProviderName { get; init; }

    public required Uri Endpoint { get; init; }

    /// <summary>The settings that say the endpoint's address, for messages.</summary>
    public required string Settings { get; init; }

    /// <summary>The method that configures the primary handler of the client that sends, for messages.</summary>
    public string Client { get; init; } = "ConfigureTokenClient";

    /// <summary>The kind of grant that the call exchanges, for metrics.</summary>
    public string? GrantType { get; init; }

    /// <summary>Makes the request; once an attempt.</summary>
    public required Func<HttpRequestMessage> CreateRequest { get; init; }

    /// <summary>The secrets that the endpoint knows, which an echo must not bring into a message.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyCollection<string?> Secrets { get; init; } = [];

    /// <summary>Allows a failed attempt to be repeated.</summary>
    public bool MayRepeat { get; init; } = true;

    /// <summary>
    /// The number of times that the request may be repeated after a time-out or a broken response, when the endpoint may have acted on it.
    /// </summary>
    public int RepeatsWhenUncertain { get; init; } = int.MaxValue;
}
