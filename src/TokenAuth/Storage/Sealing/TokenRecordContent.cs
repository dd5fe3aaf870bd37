using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>A record as JSON. Members may be added; a changed meaning needs a new format number in the envelope.</summary>
internal sealed class TokenRecordContent
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public required string AccessToken { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? RefreshToken { get; init; }

    public TimeSpan? ReuseFor { get; init; }
    public IReadOnlyCollection<string>? Scopes { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public string? SecretDigest { get; init; }

    /// <summary>Makes two unsealed records of one grant different bytes, by which stores tell them apart; sealed ones always are.</summary>
    public string? Nonce { get; init; }

    public static byte[] Write(TokenRecord record, string? nonce = null)
    {
        var content = new TokenRecordContent
        {
            AccessToken = record.Grant.AccessToken.Value,
            ExpiresAt = record.Grant.AccessToken.ExpiresAt,
            RefreshToken = record.Grant.RefreshToken,
            ReuseFor = record.Grant.ReuseFor,
            Scopes = record.Grant.Scopes,
            RequestedAt = record.RequestedAt,
            SecretDigest = record.SecretDigest,
            Nonce = nonce,
        };

        return JsonSerializer.SerializeToUtf8Bytes(content, TokenRecordJsonContext.Default.TokenRecordContent);
    }

    /// <exception cref="InvalidDataException">It is no record.</exception>
    public static TokenRecord Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var content =
                JsonSerializer.Deserialize(json, TokenRecordJsonContext.Default.TokenRecordContent)
                ?? throw new InvalidDataException("The record is empty.");
            var grant = new TokenGrant(new AccessToken(content.AccessToken, content.ExpiresAt))
            {
                RefreshToken = content.RefreshToken,
                ReuseFor = content.ReuseFor,
                Scopes = content.Scopes ?? [],
            };

            return new TokenRecord(grant, content.RequestedAt) { SecretDigest = content.SecretDigest };
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
#pragma warning disable MA0054 // a parser's message may quote what it could not read
            throw new InvalidDataException($"The record's content cannot be read ({e.GetType().Name}).");
#pragma warning restore MA0054
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TokenRecordContent))]
internal sealed partial class TokenRecordJsonContext : JsonSerializerContext;
