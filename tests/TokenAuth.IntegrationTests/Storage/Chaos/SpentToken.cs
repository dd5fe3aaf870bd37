namespace TokenAuth.Tests.Storage;

/// <summary>A refresh token that client credentials have cost, and why.</summary>
/// <param name="Cause">Null where no fault explains it.</param>
/// <param name="Reason">How the fault cost it, or what was seen where none did.</param>
/// <param name="IsOfBlind">Whether the process had never known a refresh token and could not look into the store.</param>
internal sealed record SpentToken(VendorExchange Exchange, ChaosFault? Cause, string Reason, bool IsOfBlind = false)
{
    public override string ToString() =>
        FormattableString.Invariant(
            $"{Exchange.Answered:HH:mm:ss.fff} process {Exchange.Process}: {Cause?.ToString() ?? "no fault"}, {Reason}"
        );
}
