using Fleet;

namespace TokenAuth.IntegrationTests.Samples;

/// <summary>In a class of its own, as that over Redis: each takes most of a minute, nearly all of it waiting.</summary>
public sealed class FleetSampleTests
{
    [Fact, Trait("Failure", "38")]
    public async Task The_fleet_spends_one_refresh_token_and_fails_no_call()
    {
        var database = Environment.GetEnvironmentVariable("TOKENAUTH_TEST_POSTGRES");
        Assert.SkipWhen(
            database is null && ThrowAwayPostgres.FindBinaries() is null,
            "No PostgreSQL server is installed (Debian: apt-get install postgresql)."
        );

        var (exitCode, output, error) = await SampleProcess.RunAsync("Fleet", database is null ? [] : [database]);

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("  failed calls                 0\n", output, StringComparison.Ordinal);
        Assert.Contains("  refresh tokens spent         1 of 25\n", output, StringComparison.Ordinal);
    }
}
