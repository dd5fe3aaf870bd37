using System.Globalization;
using System.Text.RegularExpressions;

namespace TokenAuth.Tests.Storage;

/// <summary>What a run cost: by store and rule, and by fault.</summary>
internal sealed partial class ChaosAccount
{
    private readonly ChaosServers _servers;
    private readonly ChaosFleet _fleet;
    private readonly IReadOnlyList<ChaosFault> _faults;

    public ChaosAccount(ChaosServers servers, ChaosFleet fleet, IReadOnlyList<ChaosFault> faults)
    {
        _servers = servers;
        _fleet = fleet;
        _faults = faults;
        Spent =
        [
            .. servers.Journals.SelectMany(journal =>
            {
                var line = ChaosServers.NameOf(journal.Key);
                var steps = fleet.Steps.Where(step => step.Line == line).Select(step => step.Step).ToList();
                var spent = new SpentTokens(journal.Key.Store, journal.Value.Exchanges, steps, faults);

                return spent.Find().Select(token => (line, token));
            }),
        ];
    }

    /// <summary>Each refresh token that client credentials have cost since the fleet's first.</summary>
    public IReadOnlyList<(string Line, SpentToken Token)> Spent { get; }

    public override string ToString()
    {
        var faults = _faults
            .GroupBy(fault => fault.Name, StringComparer.Ordinal)
            .Select(fault => $"{fault.Count()} × {fault.Key}");

        return $"{_fleet.Starts} processes started; {string.Join(", ", faults)}\n"
            + string.Join('\n', _servers.Journals.Keys.Select(ChaosServers.NameOf).SelectMany(LinesOf));
    }

    private IEnumerable<string> LinesOf(string line)
    {
        var (calls, tokens) = CountsOf(line);
        var wait = _fleet.LongestWaits.GetValueOrDefault(line);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  {line}: {calls} token calls, {tokens} refresh tokens, longest wait {wait:0.0} s"
        );

        foreach (var kind in Spent.Where(spent => spent.Line == line).GroupBy(spent => spent.Token.Cause?.Kind))
        {
            var worst = kind.GroupBy(spent => spent.Token.Cause).Max(fault => fault.Count());
            yield return $"    {kind.Key?.ToString() ?? "no fault"}: {kind.Count()} spent, {worst} at worst for one";
        }

        foreach (var (_, token) in Spent.Where(spent => spent.Line == line))
            yield return $"      {token}";

        var failures = _fleet.Failures.Where(failure => failure.Line == line).Select(failure => failure.Message);
        foreach (var message in failures.GroupBy(message => Digits().Replace(message, "#"), StringComparer.Ordinal))
            yield return $"    {message.Count()} failed: {message.First()}";
    }

    private (int Calls, int Tokens) CountsOf(string line)
    {
        var ledger = _servers.Vendors.Single(vendor => ChaosServers.NameOf(vendor.Key) == line).Value.Ledger;

        return (ledger.TokenCalls, ledger.RefreshTokensMinted);
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
