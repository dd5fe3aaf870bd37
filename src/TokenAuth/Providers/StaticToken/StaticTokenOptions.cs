using System.Diagnostics;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>A fixed token as configuration says it: <c>"Provider": "StaticToken"</c>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
internal sealed class StaticTokenOptions
{
    /// <summary>The token that the console issued.</summary>
    /// <value>Required; U+0021 to U+007E, at most 16 384 characters.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Token { get; set; } = "";

    /// <summary>The prefix of a property's name in messages.</summary>
    internal string SettingPrefix { get; set; } = nameof(StaticTokenOptions) + ".";

    /// <summary>Names the type, never the token.</summary>
    public override string ToString() => nameof(StaticTokenOptions);
}
