using System.Text.Json;

namespace TokenAuth;

/// <summary>Feeds a rule with the tokens of a JSON text that arrives in pieces.</summary>
internal sealed class RejectionScan(IRejectionRule rule)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private JsonReaderState _state;
    private int _scanned;

    /// <summary>Null until something decided.</summary>
    public bool? Verdict { get; private set; }

    /// <summary>Goes on with everything that has arrived so far.</summary>
    public void Continue(ReadOnlySpan<byte> arrived)
    {
        if (_scanned == 0 && arrived[0] == ByteOrderMark[0])
        {
            if (arrived.Length < ByteOrderMark.Length)
                return;
            if (arrived.StartsWith(ByteOrderMark))
                _scanned = ByteOrderMark.Length;
        }

        var reader = new Utf8JsonReader(arrived.Slice(_scanned), isFinalBlock: false, _state);
        try
        {
            while (Verdict is null && reader.Read())
                Verdict = rule.Decide(ref reader) ?? (IsAtEnd(reader) ? false : null);
        }
        catch (JsonException)
        {
            Verdict = false;
        }

        _scanned += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private static bool IsAtEnd(in Utf8JsonReader reader) =>
        reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
}
