namespace TokenAuth.Tests.Storage;

/// <summary>One token call as the vendor saw it.</summary>
/// <param name="Process">The process that called.</param>
/// <param name="Presented">The refresh token's fingerprint; null for client credentials.</param>
/// <param name="Granted">The fingerprint of the refresh token in the response; null for a refusal.</param>
internal sealed record VendorExchange(
    int Process,
    DateTimeOffset Asked,
    DateTimeOffset Answered,
    string? Presented,
    string? Granted
)
{
    public bool IsSpent => Presented is null && Granted is not null;
}
