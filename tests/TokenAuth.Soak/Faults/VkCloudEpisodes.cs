using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>What else goes wrong at VK Cloud: refresh tokens die, and what a refresh does to them changes.</summary>
internal sealed class VkCloudEpisodes(Vendor vendor, TokenServiceEmulator emulator, SoakFleet fleet)
    : VendorEpisodes(
        vendor,
        TimeSpan.FromSeconds(120), // the latest early renewal starts 174 s before the token ends, and a back-off takes 30 s
        () => emulator.VkCloud.RevokeAccessTokens(),
        emulator.VkCloud.RevokeAccessToken,
        fleet
    )
{
    // Two refresh tokens each, one a client: far from the 25.
    private const int MostRevocations = 8;

    // The stored one, the member's own, and the one that it was granted last by client_credentials: each is tried once.
    private const int RefreshTokensKnown = 3;

    // Client credentials are asked for once a minute at most.
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(70);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(10);

    private int _revocations;

    /// <summary>How many refresh tokens may have been minted: one a client at first, and one a client for each revocation.</summary>
    public int ExpectedRefreshTokens => Vendor.Lines.Count * (1 + _revocations);

    public override Episode Draw(Random random) =>
        random.Next(10) switch
        {
            0 => RevokeRefreshTokens(random, accessTokenToo: true),
            1 => RevokeRefreshTokens(random, accessTokenToo: false),
            2 => ChangeRule(random),
            3 => Rotate(),
            _ => base.Draw(random),
        };

    private Episode RevokeRefreshTokens(Random random, bool accessTokenToo)
    {
        var member = random.Next();

        return new(
            $"{Vendor.Name}: the refresh tokens are revoked" + (accessTokenToo ? ", and a member's access tokens" : ""),
            async stop =>
            {
                if (_revocations == MostRevocations)
                    return;

                _revocations++;
                var until = emulator.Ledger.RefreshTokensMinted + Vendor.Lines.Count;
                foreach (var line in Vendor.Lines)
                    Vendor[line].AllowRefusals(RefreshTokensKnown);
                emulator.VkCloud.RevokeRefreshTokens();
                foreach (var line in accessTokenToo ? Vendor.Lines : [])
                    await RevokeAsync(line, member, isUnshared: false, stop);
                await EndAsync(() => emulator.Ledger.RefreshTokensMinted >= until, stop);
                await ShareAsync(stop);
            }
        );
    }

    // Until every member has taken the new grant over: one that still has the dead refresh token while the database is away has to ask for a
    // new one, by right.
    private async Task ShareAsync(CancellationToken stop)
    {
        await Clock.DelayAsync(s_pace, stop); // the last grant is written down by then, too
        foreach (var line in Vendor.Lines)
        {
            var latest = Clock.Awake + line.Reuse;
            while (Clock.Awake < latest && !await Fleet.SharesAsync(line, stop))
                await Clock.DelayAsync(s_look, stop);
        }
    }

    private Episode ChangeRule(Random random)
    {
        VkCloudRefreshTokenRule[] rules =
        [
            VkCloudRefreshTokenRule.Echoed,
            VkCloudRefreshTokenRule.Omitted,
            VkCloudRefreshTokenRule.Rotated,
        ];
        var rule = rules[random.Next(rules.Length)];

        return new(
            $"{Vendor.Name}: from now on a refresh token is {rule}",
            _ =>
            {
                emulator.Options.VkCloud.RefreshTokenRule = rule;
                return Task.CompletedTask;
            }
        );
    }

    // Alone: where each use kills a refresh token, an answer that is lost, or a database that is away, costs a new one.
    private Episode Rotate() =>
        new(
            $"{Vendor.Name}: a refresh token serves once, until each client has renewed",
            async stop =>
            {
                var before = Vendor.Accounts.ToDictionary(account => account, account => account.Explained);
                emulator.Options.VkCloud.RefreshTokenRule = VkCloudRefreshTokenRule.SingleUse;
                try
                {
                    await EndAsync(() => before.All(pair => pair.Key.Explained > pair.Value), stop);
                }
                finally
                {
                    emulator.Options.VkCloud.RefreshTokenRule = VkCloudRefreshTokenRule.Echoed;
                }

                await ShareAsync(stop);
            }
        );
}
