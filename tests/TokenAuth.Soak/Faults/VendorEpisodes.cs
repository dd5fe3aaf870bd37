using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>What goes wrong at either vendor. Each episode leaves the vendor well and every member with a good token.</summary>
internal partial class VendorEpisodes(
    Vendor vendor,
    TimeSpan longestOutage,
    Action revokeAll,
    Func<string, bool> revoke,
    SoakFleet fleet
)
{
    // A rejected or revoked token is replaced by then, its replay included.
    private static readonly TimeSpan s_healing = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_prelude = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_backOff = TimeSpan.FromSeconds(40);

    private static readonly TokenServiceFault s_down = TokenServiceFault.Status(HttpStatusCode.ServiceUnavailable);

    protected Vendor Vendor => vendor;

    protected SoakFleet Fleet => fleet;

    protected SoakClock Clock => fleet.Clock;

    /// <summary>Costs nothing but the calls that fail.</summary>
    public Episode Stumble(Random random)
    {
        var (name, fault, times) = Hiccups.Draw(random);

        return new(
            $"{vendor.Name}: the next {times} token calls meet {name}",
            async stop =>
            {
                var until = vendor.Failed + times;
                vendor.FailNext(fault, times);
                await EndAsync(() => vendor.Failed >= until, stop);
                await Clock.DelayAsync(s_backOff, stop);
            }
        );
    }

    public virtual Episode Draw(Random random) =>
        random.Next(10) switch
        {
            0 or 1 or 2 => Stumble(random),
            3 => AnswerLate(random),
            4 => BeDown(random),
            5 => Reject(random, meetsHiccup: false),
            6 => Reject(random, meetsHiccup: true),
            7 or 8 => Revoke(random, isUnshared: false),
            _ => DryUp(random),
        };

    /// <summary>What nobody may notice either while the database is away.</summary>
    public Episode DrawBesideOutage(Random random) =>
        random.Next(3) == 0 ? Revoke(random, isUnshared: true) : Stumble(random);

    /// <summary>Waits for what was armed, a token life at most, and takes away what is left of it.</summary>
    protected async Task EndAsync(Func<bool> isOver, CancellationToken stop)
    {
        try
        {
            await Clock.UntilAsync(isOver, vendor.Lines.Max(line => line.Reuse), stop);
        }
        finally
        {
            vendor.Behave();
        }
    }

    private Episode AnswerLate(Random random)
    {
        var by = TimeSpan.FromSeconds(random.Next(1, 5));
        var times = random.Next(1, 4);

        return new(
            $"{vendor.Name}: the next {times} token calls are answered {by.TotalSeconds} s late",
            async stop =>
            {
                vendor.Door.AnswerLate(by, times);
                await EndAsync(() => !vendor.Door.IsLate, stop);
            }
        );
    }

    private Episode BeDown(Random random)
    {
        var duration = TimeSpan.FromSeconds(random.Next(20, (int)longestOutage.TotalSeconds));
        var fault = random.Next(2) == 0 ? s_down : TokenServiceFault.DropConnection();

        return new(
            $"{vendor.Name}: when a renewal is near, the token endpoint is down for {duration:mm\\:ss}",
            async stop =>
            {
                await Clock.UntilAsync(
                    () => vendor.Accounts.Any(account => account.Age > account.Line.Reuse * 0.67),
                    vendor.Lines.Max(line => line.Reuse),
                    stop
                );
                try
                {
                    vendor.Fail(fault, duration);
                    await Clock.DelayAsync(duration, stop);
                }
                finally
                {
                    vendor.Behave();
                }

                await Clock.DelayAsync(s_backOff, stop);
            }
        );
    }
}
