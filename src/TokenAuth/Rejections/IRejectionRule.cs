using System.Text.Json;

namespace TokenAuth;

/// <summary>Finds a refusal in a JSON body. It sees one token after the other and keeps what it needs to know.</summary>
internal interface IRejectionRule
{
    /// <summary>True: refused. False: not refused, whatever follows. Null: the next token may tell.</summary>
    bool? Decide(ref Utf8JsonReader reader);
}
