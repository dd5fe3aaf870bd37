using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using TokenAuth.Testing;

namespace TokenAuth.Tool;

/// <summary>A fault as <c>--fault</c> says it: <c>vk-token=503</c>, <c>azure-tts=reject*2</c>, <c>azure-token=delay:2s</c>.</summary>
internal sealed partial record FaultText(
    TokenServiceEndpoint Endpoint,
    string What,
    int? Times,
    TokenServiceFault? Fault
)
{
    public const string Kinds =
        "a status from 300 to 599, reject, silence, drop, drop-after-grant, garbage, truncated, endless or delay:<seconds>s";

    private static readonly Dictionary<string, TokenServiceEndpoint> _endpoints = Enum.GetValues<TokenServiceEndpoint>()
        .ToDictionary(NameOf, StringComparer.OrdinalIgnoreCase);

    public static string Endpoints => string.Join(", ", _endpoints.Keys);

    /// <summary>True when the text asks a token endpoint for a refusal as of a data call.</summary>
    public static bool RejectsAtTokenEndpoint(string text) =>
        Shape().Match(text) is { Success: true } match
        && match.Groups["what"].Value == "reject"
        && _endpoints.TryGetValue(match.Groups["endpoint"].Value, out var endpoint)
        && IsTokenEndpoint(endpoint);

    /// <summary>Null when it cannot be understood.</summary>
    public static FaultText? Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success || !_endpoints.TryGetValue(match.Groups["endpoint"].Value, out var endpoint))
            return null;

        int? times = int.TryParse(match.Groups["times"].Value, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
        var what = match.Groups["what"].Value;
        var isReject = what == "reject" && !IsTokenEndpoint(endpoint);
        var fault = isReject ? null : FaultOf(what);

        return isReject || fault is not null ? new FaultText(endpoint, what, times, fault) : null;
    }

    public void ApplyTo(TokenServiceFaults faults)
    {
        if (Fault is null)
            faults.RejectNext(Endpoint, Times ?? int.MaxValue);
        else if (Times is { } times)
            faults.Next(Endpoint, Fault, times);
        else
            faults.Always(Endpoint, Fault);
    }

    /// <summary><c>VkToken</c> as <c>vk-token</c>.</summary>
    public static string NameOf(TokenServiceEndpoint endpoint) =>
        string.Concat(
            endpoint
                .ToString()
                .Select(
                    (c, at) =>
                        char.IsUpper(c) && at > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"
                )
        );

    private static bool IsTokenEndpoint(TokenServiceEndpoint endpoint) =>
        endpoint is TokenServiceEndpoint.VkToken or TokenServiceEndpoint.AzureToken;

    private static TokenServiceFault? FaultOf(string what) =>
        what switch
        {
            "silence" => TokenServiceFault.Silence(),
            "drop" => TokenServiceFault.DropConnection(),
            "drop-after-grant" => TokenServiceFault.DropConnectionAfterGrant(),
            "garbage" => TokenServiceFault.Garbage(),
            "truncated" => TokenServiceFault.TruncatedBody(),
            "endless" => TokenServiceFault.EndlessChunks(),
            _ when Seconds(what) is { } delay => TokenServiceFault.Delay(delay),
            _ when int.TryParse(what, CultureInfo.InvariantCulture, out var status) && status is >= 300 and <= 599 =>
                TokenServiceFault.Status((HttpStatusCode)status),
            _ => null,
        };

    private static TimeSpan? Seconds(string what) =>
        what.StartsWith("delay:", StringComparison.Ordinal)
        && what.EndsWith('s')
        && double.TryParse(
            what.AsSpan(6, what.Length - 7),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && seconds <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : null;

    [GeneratedRegex(
        @"^(?<endpoint>[a-zA-Z-]+)=(?<what>[a-z0-9:.-]+?)(\*(?<times>[1-9][0-9]{0,5}))?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Shape();
}
