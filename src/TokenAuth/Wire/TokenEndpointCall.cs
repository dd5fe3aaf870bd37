using System.Diagnostics;

namespace TokenAuth;

/// <summary>One thing to ask of a token endpoint.</summary>
internal sealed class TokenEndpointCall
{
    /// <summary>Who asks, for messages: "VK Cloud", "Azure Speech".</summary>
    public required string Vendor { get; init; }

    /// <summary>What is asked, for messages.</summary>
    public string Subject { get; init; } = "token endpoint";

    public required string ProviderName { get; init; }

    public required Uri Endpoint { get; init; }

    /// <summary>What says the endpoint's address, for messages.</summary>
    public required string Settings { get; init; }

    /// <summary>Where the primary handler of the client that sends is configured, for messages.</summary>
    public string Client { get; init; } = "ConfigureTokenClient";

    /// <summary>What is exchanged, for metrics.</summary>
    public string? GrantType { get; init; }

    /// <summary>Makes the request; once an attempt.</summary>
    public required Func<HttpRequestMessage> CreateRequest { get; init; }

    /// <summary>What the endpoint knows and must not get into a message by being echoed.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IReadOnlyCollection<string?> Secrets { get; init; } = [];

    /// <summary>Whether a failed attempt is repeated at all.</summary>
    public bool MayRepeat { get; init; } = true;

    /// <summary>
    /// How often the request may be repeated after a time-out or a broken response, when the endpoint may have acted on it.
    /// </summary>
    public int RepeatsWhenUncertain { get; init; } = int.MaxValue;
}
