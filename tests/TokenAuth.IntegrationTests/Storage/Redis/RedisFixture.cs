using Fleet;
using StackExchange.Redis;
using TokenAuth.Tests.Storage;

[assembly: AssemblyFixture(typeof(RedisFixture))]

namespace TokenAuth.Tests.Storage;

/// <summary>
/// The Redis of the tests: the one that TOKENAUTH_TEST_REDIS names, or a throw-away one from the installed program, started when the
/// first test asks for it. Each test takes a key prefix of its own.
/// </summary>
public sealed class RedisFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private string? _configuration;
    private ThrowAwayRedis? _own;
    private ConnectionMultiplexer? _connection; // all guarded by _gate

    public async Task<string> GetConfigurationAsync()
    {
        await _gate.WaitAsync(TestRun.Cancellation);
        try
        {
            return _configuration ??=
                Environment.GetEnvironmentVariable("TOKENAUTH_TEST_REDIS")
                ?? (_own = await StartOwnAsync()).Configuration;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A connection that looks at what the store has written.</summary>
    public async Task<IDatabase> GetDatabaseAsync()
    {
        var configuration = await GetConfigurationAsync();
        await _gate.WaitAsync(TestRun.Cancellation);
        try
        {
            _connection ??= await ConnectionMultiplexer.ConnectAsync(configuration);

            return _connection.GetDatabase();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>One that the test may stop and freeze.</summary>
    public static async Task<ThrowAwayRedis> StartOwnAsync(params string[] settings)
    {
        Assert.SkipWhen(
            ThrowAwayRedis.FindProgram() is null,
            "No Redis server is installed (Debian: apt-get install redis-server)."
        );

        return await ThrowAwayRedis.StartNewAsync(settings);
    }

    public static string NewPrefix() => $"test-{Guid.NewGuid():N}:";

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
        _gate.Dispose();
    }
}
