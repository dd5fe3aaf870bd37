namespace TokenAuth;

/// <summary>Limits the tenants of one name that stay in memory: their number, and the time without use.</summary>
public class TokenTenantOptions
{
    /// <summary>
    /// The number of tenants beyond which about the least recently used one leaves. A tenant stays, and may exceed the number, while it renews,
    /// while its grant waits for a store that fails, during a pause after its endpoint failed or VK Cloud refused or lost a grant, and while
    /// <c>KeepFresh</c> watches it.
    /// </summary>
    /// <value>One or more; a tenant with a token takes up to 4 KB. 10 000 unless set.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>The time for which a tenant that nobody asks for stays in memory, or longer for the same reasons. Its grant stays in the token store.</summary>
    /// <value>More than zero, up to 30 days. One hour unless set.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);
}
