namespace TokenAuth.Soak;

/// <content>What happens to access tokens.</content>
internal partial class VendorEpisodes
{
    /// <summary>The token that a member uses is revoked: whoever has it renews it, once for all who share it.</summary>
    protected async Task RevokeAsync(TokenLine line, int member, bool isUnshared, CancellationToken stop)
    {
        var token = await fleet.Of(line, member).TokenAsync(line, stop);
        vendor[line].Allow(isUnshared ? line.Members : 1);
        revoke(token);
    }

    private Episode Reject(Random random, bool meetsHiccup)
    {
        // Not the key's line: with one key regenerated, a rejection of the other one for no reason leaves none to replay with.
        var lines = vendor.Lines.Where(line => line != TokenLine.Spare).ToList();
        var line = lines[random.Next(lines.Count)];
        var (name, fault, times) = Hiccups.DrawHealed(random);

        return new(
            $"{vendor.Name}: one request of '{line.Name}' is rejected"
                + (meetsHiccup ? $", and the next {times} token calls meet {name}" : ""),
            async stop =>
            {
                try
                {
                    if (meetsHiccup)
                        vendor.FailNext(fault, times);
                    vendor.RejectOne(line);
                    await Clock.DelayAsync(s_healing, stop);
                }
                finally
                {
                    vendor.Behave();
                }
            }
        );
    }

    // One token a line, not all that are good: while a member still has the one before the newest, it would replay with the newest, and a
    // request is replayed once.
    private Episode Revoke(Random random, bool isUnshared)
    {
        var member = random.Next();

        return new(
            $"{vendor.Name}: a member's access tokens are revoked",
            async stop =>
            {
                await Clock.DelayAsync(s_prelude, stop);
                foreach (var line in vendor.Lines)
                    await RevokeAsync(line, member, isUnshared, stop);
                await Clock.DelayAsync(s_healing, stop);
            }
        );
    }

    // The one episode in which callers fail: there is nothing to send.
    private Episode DryUp(Random random)
    {
        var duration = TimeSpan.FromSeconds(random.Next(5, 40));

        return new(
            $"{vendor.Name}: every access token is revoked, and the token endpoint is down for {duration:mm\\:ss}: failures are expected",
            async stop =>
            {
                Drought? drought = null;
                try
                {
                    vendor.Fail(s_down, duration + TimeSpan.FromSeconds(5));
                    await Clock.UntilAsync(() => vendor.Door.IsEmpty, s_healing, stop);
                    vendor.AllowEachLine(_ => 1, duration);
                    drought = fleet.Tally.Dry(vendor.Lines);
                    revokeAll();
                    await Clock.DelayAsync(duration, stop);
                }
                finally
                {
                    vendor.Behave();
                    if (drought is not null)
                        fleet.Tally.End(drought);
                }

                await Clock.DelayAsync(s_backOff, stop);
            }
        );
    }
}
