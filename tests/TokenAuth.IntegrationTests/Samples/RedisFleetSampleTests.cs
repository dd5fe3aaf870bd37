using Fleet;

namespace TokenAuth.IntegrationTests.Samples;

/// <summary>As <see cref="FleetSampleTests"/>, over Redis.</summary>
public sealed class RedisFleetSampleTests
{
    [Fact, Trait("Failure", "38")]
    public async Task The_fleet_over_Redis_spends_one_refresh_token_and_fails_no_call()
    {
        Assert.SkipWhen(
            ThrowAwayRedis.FindProgram() is null,
            "No Redis server is installed (Debian: apt-get install redis-server)."
        );

        var (exitCode, output, error) = await SampleProcess.RunAsync("Fleet", ["--redis"]);

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("  failed calls                 0\n", output, StringComparison.Ordinal);
        Assert.Contains("  refresh tokens spent         1 of 25\n", output, StringComparison.Ordinal);
    }
}
