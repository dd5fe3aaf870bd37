namespace TokenAuth;

/// <summary>Limits the tenants of one name that stay in memory: their number, and the time without use.</summary>
public class TokenTenantOptions
{
    /// <summary>
    /// The number of tenants beyond which about the least recently used one leaves. A tenant stays, and may exceed the number, while it renews,
    /// while its grant waits for a store that fails, while <c>KeepFresh</c> watches it, and for a minute after its endpoint failed, or longer if the
    /// pause is. A tenant of VK Cloud also stays for a minute after a grant that took a refresh token, longer after grants that were lost, and for an hour while it has a
    /// refresh token that came beside a bad access token.
    /// </summary>
    /// <value>One or more; a tenant with a token takes up to 4 KB. 10 000 unless set.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>The time for which a tenant that nobody asks for stays in memory, or longer for the same reasons. Its grant stays in the token store.</summary>
    /// <value>More than zero, up to 30 days. One hour unless set.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);
}
