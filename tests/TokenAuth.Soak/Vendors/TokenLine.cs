using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>The tokens of one client id or key, one after the other: what a provider of the fleet keeps alive.</summary>
/// <param name="Name">The provider's name in every member.</param>
/// <param name="Data">Where its tokens are used.</param>
/// <param name="Reuse">How long one token is handed out.</param>
/// <param name="Members">How many processes share the tokens through the store; 1: no store.</param>
internal sealed record TokenLine(string Name, TokenServiceEndpoint Data, TimeSpan Reuse, int Members)
{
    // A third of VK's real one: three times as many renewals. 60 s before its end callers wait for a new one.
    public static readonly TimeSpan VkCloudLife = TimeSpan.FromMinutes(20);

    private const int FleetMembers = 3;

    private static readonly TimeSpan s_vkCloudReuse = VkCloudLife - TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_azureReuse = TimeSpan.FromMinutes(9);

    public static readonly TokenLine Voice = new("voice", TokenServiceEndpoint.VkVoice, s_vkCloudReuse, FleetMembers);
    public static readonly TokenLine Vision = new(
        "vision",
        TokenServiceEndpoint.VkVision,
        s_vkCloudReuse,
        FleetMembers
    );
    public static readonly TokenLine Speech = new("speech", TokenServiceEndpoint.AzureStt, s_azureReuse, FleetMembers);

    /// <summary>Two keys; in memory only.</summary>
    public static readonly TokenLine Spare = new("spare", TokenServiceEndpoint.AzureTts, s_azureReuse, 1);

    public static IReadOnlyList<TokenLine> All { get; } = [Voice, Vision, Speech, Spare];

    /// <summary>From this age of the newest token on, whoever drew the lowest number renews it: 70 % to 90 % of the reuse time.</summary>
    public TimeSpan EarliestRenewal => Reuse * 0.7;
}
