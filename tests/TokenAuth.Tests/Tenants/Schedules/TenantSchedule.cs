using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Tenants.Schedules;

/// <summary>
/// Five tenants in a memory for two, under a random order of callers, cancellations, answers and failures of the database and of the
/// vendors, rejections, changed credentials, forgetting, watches and time that passes; after each step the invariants are checked.
/// </summary>
internal sealed class TenantSchedule : IDisposable
{
    private const int Steps = 40;
    private const int MostRejections = 15;
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(10);

    private readonly Random _random;
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly ScheduledTenant[] _tenants;
    private readonly TenantSweep _sweep;
    private readonly TenantProviders _all;
    private readonly List<TenantCaller> _callers = [];
    private readonly List<Tenant> _held = [];
    private readonly List<(ScheduledTenant Tenant, IDisposable Watch)> _watches = [];
    private readonly List<string> _trace = [];
    private int _rejections;

    public TenantSchedule(int seed)
    {
        _random = new Random(seed);
        var store = _random.Next(2) == 0 ? new KeyedTroubledStore(new Random(seed)) : null;
        _tenants = [.. "abcde".Select(name => new ScheduledTenant(name.ToString(), _time, store))];
        _sweep = new TenantSweep(_time);
        _all = new TenantProviders(
            "scheduled",
            new TenantResolver(
                "scheduled",
                _services.GetRequiredService<IServiceScopeFactory>(),
                (name, _, end) => Of(name).ResolveAsync(end),
                _time
            ),
            new TokenTenantOptions { Capacity = 2, IdleTimeout = _idle },
            _sweep,
            store,
            _time,
            _ => null
        );
    }

    public IReadOnlyList<string> Trace => _trace;

    public void Dispose()
    {
        _all.Dispose();
        _sweep.Dispose();
        _services.Dispose();
    }

    /// <exception cref="Xunit.Sdk.XunitException">An invariant does not hold.</exception>
    public void Run()
    {
        for (var step = 0; step < Steps; step++)
        {
            Step(_tenants[_random.Next(_tenants.Length)]);
            Settle();
            Check();
        }

        Finish();
    }

    private void Step(ScheduledTenant tenant)
    {
        switch (_random.Next(20))
        {
            case < 5:
                Say($"call {tenant.Name}");
                Call(tenant);
                break;
            case 5 when _held.Count > 0:
                var held = _held[_random.Next(_held.Count)];
                Say($"call the held {held.Name}");
                Call(Of(held.Name), held);
                break;
            case 6 when _callers.Count > 0:
                Say("cancel");
                _callers[_random.Next(_callers.Count)].Cancel();
                break;
            case 7 when tenant.Last is not null && _rejections < MostRejections:
                Reject(tenant, tenant.Last);
                break;
            case 8:
                Forget(tenant, isChanged: _random.Next(2) == 0);
                break;
            case 9:
                Watch(tenant);
                break;
            case 10:
                Say("the wall clock jumps");
                _time.JumpWallClock(TimeSpan.FromSeconds(_random.Next(-60, 60)));
                break;
            case < 13:
                Pass(TimeSpan.FromSeconds((_random.Next(3) == 0 ? 1_000 : 20) * _random.NextDouble()));
                break;
            default:
                AnswerSomebody(isWell: false);
                break;
        }
    }

    private TenantCaller Call(ScheduledTenant tenant, Tenant? held = null)
    {
        var caller = new TenantCaller(tenant, _time.GetUtcNow());
        _callers.Add(caller);
        caller.Ask(_all, held);

        return caller;
    }

    private void Reject(ScheduledTenant tenant, AccessToken token)
    {
        if (_all.Find(tenant.Name) is not { } provider)
            return;

        Say($"reject {token.Value}");
        _rejections++;
        provider.Invalidate(token);
        tenant.Reject(token);
    }

    private void Forget(ScheduledTenant tenant, bool isChanged)
    {
        var times = _random.Next(1, 4); // at once
        Say($"forget {tenant.Name}{(isChanged ? ", whose credential changed" : "")}, {times} times");
        if (isChanged)
            tenant.Version++;
        try
        {
            var forgetting = Enumerable
                .Range(0, times)
                .Select(_ => _all.ForgetAsync(tenant.Name, removeRecord: _random.Next(2) == 0, CancellationToken.None))
                .Select(one => one.AsTask())
                .ToArray();
            Assert.True(Task.WaitAll(forgetting, TimeSpan.FromMinutes(1)), $"{tenant.Name} is not forgotten.");
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(one => one is TokenStoreException))
        {
            Say("its record stays");
        }

        tenant.OldestVersion = tenant.Version;
    }

    private void Watch(ScheduledTenant tenant)
    {
        if (tenant.IsWatched)
        {
            Say($"watch {tenant.Name} no more");
            _watches.Single(watch => watch.Tenant == tenant).Watch.Dispose();
            _watches.RemoveAll(watch => watch.Tenant == tenant);
        }
        else
        {
            Say($"watch {tenant.Name}");
            _watches.Add((tenant, _all.BeginWatch(tenant.Name)));
        }

        tenant.IsWatched = !tenant.IsWatched;
    }

    private bool AnswerSomebody(bool isWell)
    {
        var waiting = _tenants.Where(tenant => tenant.IsResolving || tenant.IsAsked).ToList();
        if (waiting.Count == 0)
            return false;

        var tenant = waiting[_random.Next(waiting.Count)];
        var outcome = isWell ? 9 : _random.Next(8);
        Say($"answer {outcome} for {tenant.Name}");
        if (tenant.IsResolving)
            tenant.AnswerResolver(
                outcome == 0 ? new InvalidOperationException($"The row of '{tenant.Name}' cannot be read.") : null,
                isKnown: outcome != 1
            );
        else
            tenant.AnswerVendor(
                outcome == 2 ? 60 : 10,
                outcome < 2
                    ? new TokenAcquisitionException($"No token for '{tenant.Name}'.") { IsTransient = outcome == 0 }
                    : null
            );

        return true;
    }

    /// <summary>From timer to timer: what one starts may set the next.</summary>
    private void Pass(TimeSpan time)
    {
        Say(FormattableString.Invariant($"pass {time.TotalSeconds:0.0} s"));
        for (TimeSpan step; time > TimeSpan.Zero; time -= step)
        {
            step = _time.NextTimer is { } next && next < time ? next : time;
            _time.Advance(step);
            Settle();
        }
    }

    /// <summary>Until whoever waits does so for the database or a vendor, and nothing else is under way.</summary>
    private void Settle()
    {
        var patience = Environment.TickCount64 + 60_000; // other processes may keep the cores busy
        var spin = new SpinWait();
        while (!_callers.TrueForAll(caller => caller.IsAtRest) || !Array.TrueForAll(_tenants, IsAtRest))
        {
            if (Environment.TickCount64 > patience)
                Assert.Fail("A caller waits, and neither the database nor a vendor is to answer.");
            spin.SpinOnce(sleep1Threshold: 50);
        }
    }

    private bool IsAtRest(ScheduledTenant tenant) =>
        _all.Find(tenant.Name)?.Engine is not { } engine
        || (!engine.IsSaving && (!engine.IsRenewing || tenant.IsAsked));

    private void Check()
    {
        foreach (var caller in _callers.Where(caller => caller.IsDone))
        {
            caller.Verify();
            if (caller.Provider is { } provider && !_held.Contains(provider) && _held.Count < 5)
                _held.Add(provider);
        }

        _callers.RemoveAll(caller => caller.IsDone);
        Assert.All(_tenants, tenant => Assert.True(tenant.MostAsked <= 1, $"Two renewals of {tenant.Name} at once."));
    }

    private void Finish()
    {
        foreach (var (tenant, watch) in _watches)
        {
            watch.Dispose();
            tenant.IsWatched = false;
        }

        AnswerAllWell();
        Assert.Empty(_callers);

        // No failure is kept: as soon as the pauses allow, every tenant has a token.
        Pass(TimeSpan.FromMinutes(2));
        var last = _tenants.Select(tenant => Call(tenant)).ToList();
        AnswerAllWell();
        Assert.All(last, caller => Assert.True(caller.Token is not null, $"{caller.Tenant.Name}: {caller.Failure}"));

        // Nobody stays beyond the capacity, and in the end nobody stays at all.
        Pass(TimeSpan.FromSeconds(11));
        Assert.InRange(_all.Count, 0, 2);
        Pass(_idle + TimeSpan.FromSeconds(11));
        Assert.True(_all.Count == 0, $"{_all.Count} tenants stay.");
        Assert.True(_time.ActiveTimers == 0, $"A timer is left, which fires in {_time.NextTimer}.");
    }

    private void AnswerAllWell()
    {
        Settle();
        for (var i = 0; AnswerSomebody(isWell: true) || _callers.Count > 0; i++)
        {
            Assert.True(i < 500, "The tenants do not come to rest.");
            Settle();
            Check();
        }
    }

    private ScheduledTenant Of(string name) => _tenants.Single(tenant => tenant.Name == name);

    private void Say(string what) =>
        _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():u} {what}"));
}
