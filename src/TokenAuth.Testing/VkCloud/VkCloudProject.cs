namespace TokenAuth.Testing;

/// <summary>The project's books: who has which token, and how many more there may be.</summary>
internal sealed class VkCloudProject(TokenServiceEmulatorOptions options)
{
    private readonly object _gate = new();
    private readonly List<VkCloudRefreshGrant> _grants = []; // guarded by _gate, oldest first
    private readonly IssuedTokens<VkCloudAccessToken> _issued = new(options.TimeProvider, token => token.ExpiresAt); // guarded by _gate
    private readonly Dictionary<string, (int Refresh, int Access)> _minted = new(StringComparer.Ordinal); // guarded by _gate

    private VkCloudEmulatorOptions Rules => options.VkCloud;

    private DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    public VkCloudTokenOutcome Mint(VkCloudClient client)
    {
        lock (_gate)
        {
            var active = _grants.Where(IsActive).ToList();
            if (active.Count >= Rules.RefreshTokenLimit)
            {
                if (Rules.AtLimit == VkCloudLimitReaction.Refuse)
                    return LimitReached("refresh");
                _grants.Remove(active[0]);
            }

            var grant = new VkCloudRefreshGrant(client, RandomText.Token(50));
            var outcome = Issue(grant);
            if (outcome is VkCloudTokenOutcome.Granted)
            {
                _grants.Add(grant);
                CountMinted(client, refresh: 1);
            }

            return outcome;
        }
    }

    public VkCloudTokenOutcome Refresh(VkCloudClient client, string refreshToken)
    {
        lock (_gate)
        {
            var grant = _grants.Find(grant =>
                grant.Client.ClientId == client.ClientId && grant.Accepted.Contains(refreshToken)
            );
            if (grant is null || !IsActive(grant))
                return new VkCloudTokenOutcome.Refused(400, "invalid_grant", "The refresh token is invalid.");

            var outcome = Issue(grant);
            if (outcome is not VkCloudTokenOutcome.Granted granted)
                return outcome;

            grant.Uses++;
            if (Rules.RefreshTokenRule is VkCloudRefreshTokenRule.Rotated or VkCloudRefreshTokenRule.SingleUse)
                grant.Rotate(RandomText.Token(50), keepOld: Rules.RefreshTokenRule == VkCloudRefreshTokenRule.Rotated);
            return granted with
            {
                RefreshToken = Rules.RefreshTokenRule == VkCloudRefreshTokenRule.Omitted ? null : grant.Current,
            };
        }
    }

    public (VkCloudAccessToken? Token, bool IsActive) Find(string accessToken)
    {
        lock (_gate)
            return _issued.Find(accessToken) is { } token ? (token, token.IsActive(Now)) : (null, false);
    }

    public int RevokeAccessTokens(Func<VkCloudAccessToken, bool> which)
    {
        lock (_gate)
        {
            var now = Now;
            var revoked = _issued.Known.Where(token => token.IsActive(now) && which(token)).ToList();
            foreach (var token in revoked)
                token.Revoked = true;
            return revoked.Count;
        }
    }

    public int RevokeRefreshTokens(Func<VkCloudRefreshGrant, bool> which)
    {
        lock (_gate)
            return _grants.RemoveAll(grant => IsActive(grant) && which(grant));
    }

    public (int MintedRefresh, int MintedAccess, int ActiveRefresh, int ActiveAccess) Count(string clientId)
    {
        lock (_gate)
        {
            var now = Now;
            var (refresh, access) = _minted.GetValueOrDefault(clientId);
            return (
                refresh,
                access,
                _grants.Count(grant => grant.Client.ClientId == clientId && IsActive(grant)),
                _issued.Known.Count(token => token.Client.ClientId == clientId && token.IsActive(now))
            );
        }
    }

    private VkCloudTokenOutcome Issue(VkCloudRefreshGrant grant)
    {
        grant.AccessTokens.RemoveAll(token => !token.IsActive(Now));
        var active = CountedWith(grant).Where(token => token.IsActive(Now)).ToList();
        if (active.Count >= Rules.AccessTokenLimit)
        {
            if (Rules.AtLimit == VkCloudLimitReaction.Refuse)
                return LimitReached("access");
            active[0].Revoked = true;
        }

        var token = new VkCloudAccessToken(
            RandomText.Token(Rules.AccessTokenLength),
            grant.Client,
            Now,
            Rules.AccessTokenLifetime
        );
        grant.AccessTokens.Add(token);
        _issued.Add(token.Value, token);
        CountMinted(grant.Client, access: 1);
        return new VkCloudTokenOutcome.Granted(token, grant.Current);
    }

    private void CountMinted(VkCloudClient client, int refresh = 0, int access = 0)
    {
        var (refreshBefore, accessBefore) = _minted.GetValueOrDefault(client.ClientId);
        _minted[client.ClientId] = (refreshBefore + refresh, accessBefore + access);
    }

    private IEnumerable<VkCloudAccessToken> CountedWith(VkCloudRefreshGrant grant) =>
        Rules.AccessTokenLimitPer switch
        {
            VkCloudAccessTokenLimit.RefreshToken => grant.AccessTokens,
            VkCloudAccessTokenLimit.Client => _issued.Known.Where(token =>
                token.Client.ClientId == grant.Client.ClientId
            ),
            _ => _issued.Known,
        };

    private bool IsActive(VkCloudRefreshGrant grant) =>
        Rules.RefreshTokenRule != VkCloudRefreshTokenRule.LimitedUses || grant.Uses < Rules.RefreshTokenUses;

    private VkCloudTokenOutcome.Refused LimitReached(string kind) =>
        new((int)Rules.LimitStatusCode, "limit_exceeded", $"The limit of active {kind} tokens is reached.");
}
