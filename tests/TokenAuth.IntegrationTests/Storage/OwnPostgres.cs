using Fleet;

namespace TokenAuth.Tests.Storage;

/// <summary>A database that the tests of one class may stop and freeze, started when the first of them asks for it.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private ThrowAwayPostgres? _postgres;

    /// <summary>The running database, started again where the last test has left it stopped.</summary>
    public async Task<ThrowAwayPostgres> GetAsync()
    {
        if (_postgres is null)
            _postgres = await PostgresFixture.StartOwnAsync();
        else if (!_postgres.IsRunning)
            await _postgres.StartAsync();

        return _postgres;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }
}
