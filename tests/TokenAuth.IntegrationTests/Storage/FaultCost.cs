using TokenAuth.IntegrationTests.Handlers;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>The cost of one renewal, by the vendor's ledger, from the moment at which it is made: for the account in docs/fleets.md.</summary>
internal sealed class FaultCost(TokenServiceEmulator emulator)
{
    private readonly TokenServiceLedger _before = emulator.Ledger;

    /// <summary>Requests to the token endpoint, refused ones included.</summary>
    public int Calls => emulator.Ledger.TokenCalls - _before.TokenCalls;

    /// <summary>Requests that brought a token.</summary>
    public int Granted => emulator.Ledger.AccessTokensMinted - _before.AccessTokensMinted;

    /// <summary>Refresh tokens that <c>client_credentials</c> cost.</summary>
    public int Spent => emulator.Ledger.RefreshTokensMinted - _before.RefreshTokensMinted;

    /// <summary>The same line for each store and fault.</summary>
    /// <param name="wait">The longest, from the moment at which a caller asked for a token.</param>
    public static void Say(string store, string fault, int calls, int granted, int spent, TimeSpan wait) =>
        Report.Line(
            FormattableString.Invariant(
                $"| {store} | {fault} | {granted} tokens granted by {calls} calls | {spent} refresh tokens spent | {wait.TotalSeconds:0.0} s |"
            )
        );

    public void Say(string store, string fault, TimeSpan wait) => Say(store, fault, Calls, Granted, Spent, wait);
}
