namespace TokenAuth;

/// <summary>The engine's failures, each with an observation and a remedy.</summary>
internal sealed class EngineFailure(string providerName)
{
    /// <summary>The failure that an exception of a source or a store stands for.</summary>
    public RenewalFailure Of(Exception exception) => RenewalFailure.From(exception, providerName);

    public RenewalFailure TooLong(TimeSpan limit, Exception cause) =>
        Of(new TimeLimitException($"The renewal took longer than {limit.TotalSeconds:0} seconds.", cause));

    public RenewalFailure TokenExpired() =>
        Useless("that has expired already", "Check the lifetime that its source reads, and this machine's clock.");

    /// <param name="retryAfter">How long to wait for another one; null where the back-off decides.</param>
    public RenewalFailure TokenRefused(TimeSpan? retryAfter = null) =>
        Useless(
            "that a service has refused before",
            "Check that the token belongs to that service, its region and its project.",
            retryAfter
        );

    // Not the store's outage: asking the vendor beside the one who holds the lease would spend what that one is spending.
    public RenewalFailure LeaseBusy() =>
        RenewalFailure.Transient(
            new Explanation(
                EngineHelp.LeaseBusy,
                $"Provider '{providerName}' has waited {GrantStore.LeaseLimit.TotalSeconds:0} seconds for another process that is renewing the same grant. The next call tries again.",
                "If it lasts, look for the process that holds the lease and does not end."
            ),
            providerName
        );

    private RenewalFailure Useless(string why, string remedy, TimeSpan? retryAfter = null) =>
        RenewalFailure.Transient(
            new Explanation(
                EngineHelp.UselessToken,
                $"The token endpoint of provider '{providerName}' returned a token {why}.",
                remedy
            ),
            providerName,
            retryAfter
        );
}
