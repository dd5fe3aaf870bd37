using System.Text;
using System.Text.Json.Serialization;

namespace TokenAuth.Testing;

/// <summary>A request as it arrived. <see cref="ToString"/> shows neither headers nor body, because they carry credentials.</summary>
public sealed class RecordedRequest
{
    internal RecordedRequest(
        TokenServiceEndpoint endpoint,
        string method,
        string target,
        IReadOnlyDictionary<string, string> headers
    )
    {
        Endpoint = endpoint;
        Method = method;
        Target = target;
        Headers = headers;
    }

    /// <summary>The endpoint at which the request arrived.</summary>
    public TokenServiceEndpoint Endpoint { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>Path and query as the request line had them, still escaped.</summary>
    [JsonIgnore]
    public string Target { get; }

    /// <summary>All header fields. Names ignore case; a comma joins the values of one name.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The moment at which the request arrived, by the emulator's clock.</summary>
    public DateTimeOffset ReceivedAt { get; internal init; }

    /// <summary>The first 64 KiB of the body of a token request; empty for a data request.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; internal init; }

    /// <summary><see cref="Body"/> as UTF-8.</summary>
    [JsonIgnore]
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Endpoint}, {Headers.Count} headers, body of {Body.Length} bytes";
}
