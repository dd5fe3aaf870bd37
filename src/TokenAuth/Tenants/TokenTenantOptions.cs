namespace TokenAuth;

/// <summary>How many tenants of one name stay in memory, and for how long.</summary>
public class TokenTenantOptions
{
    /// <summary>
    /// The most tenants in memory. Beyond that number, about the least recently used tenant leaves. A tenant stays while it renews, while its
    /// endpoint fails, and while <c>KeepFresh</c> watches it.
    /// </summary>
    /// <value>One or more; a tenant with a token takes up to 4 KB. 10 000 unless set.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>How long a tenant that nobody asks for stays in memory. Its grant stays in the token store.</summary>
    /// <value>More than zero, up to 30 days. One hour unless set.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);
}
