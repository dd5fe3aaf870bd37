using Fleet;
using Npgsql;

namespace TokenAuth.Tests.Storage;

/// <summary>A primary and its standby, each found by both addresses or by one that is switched.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private readonly SwitchedAddress _address;

    private PostgresPair(ThrowAwayPostgres primary, ThrowAwayPostgres standby)
    {
        Primary = primary;
        Standby = standby;
        _address = new SwitchedAddress(primary.Port);
    }

    public ThrowAwayPostgres Primary { get; private set; }

    public ThrowAwayPostgres Standby { get; private set; }

    public static async Task<PostgresPair> StartAsync()
    {
        var primary = await PostgresFixture.StartOwnAsync();

        return new(primary, await primary.StartStandbyAsync());
    }

    /// <param name="how"><c>switched</c>, or <c>two</c> with the connection string's settings behind it.</param>
    public string ConnectionStringFor(string how)
    {
        if (how == "switched")
            return new NpgsqlConnectionStringBuilder(Primary.ConnectionString)
            {
                Port = _address.Port,
            }.ConnectionString;

        // The standby first: whoever takes the first that answers takes the wrong one.
        var both = new NpgsqlConnectionStringBuilder(Primary.ConnectionString)
        {
            Host = FormattableString.Invariant($"127.0.0.1:{Standby.Port},127.0.0.1:{Primary.Port}"),
        };

        return both.ConnectionString + how["two".Length..];
    }

    /// <summary>The primary dies, the standby is promoted, the address is switched.</summary>
    public async Task FailOverAsync()
    {
        await Primary.StopAsync("-KILL");
        await PromoteAsync();
    }

    /// <summary>The primary lives on and takes no writes; what is connected to it stays connected.</summary>
    public async Task SwitchOverAsync()
    {
        await Primary.UntilCopiedAsync();
        await Primary.DemoteAsync();
        await PromoteAsync();
    }

    public async Task PromoteAsync()
    {
        await Standby.PromoteAsync();
        _address.SwitchTo(Standby.Port);
    }

    /// <summary>The one that died comes back as the standby of the one that took over.</summary>
    public async Task ChangeRolesAsync()
    {
        await Primary.FollowAsync(Standby);
        (Primary, Standby) = (Standby, Primary);
    }

    public async ValueTask DisposeAsync()
    {
        await _address.DisposeAsync();
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
