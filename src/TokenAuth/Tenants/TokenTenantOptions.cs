namespace TokenAuth;

/// <summary>Limits the tenants of one name that stay in memory: their number, and the time without use.</summary>
public class TokenTenantOptions
{
    /// <summary>
    /// The most tenants in memory. Beyond that number, about the least recently used tenant leaves. A tenant stays while it renews, while its
    /// endpoint fails, and while <c>KeepFresh</c> watches it.
    /// </summary>
    /// <value>One or more; a tenant with a token takes up to 4 KB. 10 000 unless set.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>The time for which a tenant that nobody asks for stays in memory. Its grant stays in the token store.</summary>
    /// <value>More than zero, up to 30 days. One hour unless set.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);
}
