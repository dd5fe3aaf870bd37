using TokenAuth.Testing;

namespace TokenAuth.Tool;

internal sealed record LedgerJson(
    int ClientCredentialsCalls,
    int RefreshTokenCalls,
    int IssueTokenCalls,
    int RefreshTokensMinted,
    int AccessTokensMinted,
    int DataCalls,
    int DataCallsRejected
)
{
    public static LedgerJson Of(TokenServiceLedger ledger) =>
        new(
            ledger.ClientCredentialsCalls,
            ledger.RefreshTokenCalls,
            ledger.IssueTokenCalls,
            ledger.RefreshTokensMinted,
            ledger.AccessTokensMinted,
            ledger.DataCalls,
            ledger.DataCallsRejected
        );
}
