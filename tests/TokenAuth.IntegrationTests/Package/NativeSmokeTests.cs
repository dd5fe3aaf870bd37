using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.Package;

/// <summary>What an application does, trimmed and compiled ahead of time; its build has no trim or AOT warning.</summary>
[Collection(PackedOnce.Name)]
public sealed class NativeSmokeTests
{
    private const string Works =
        "ok: Bearer a-1, ?oauth_provider=mcs&oauth_token=a-1, k-1, t-1, e-1, aGVhZA.e30.c2ln, {\"token\":\"aGVhZA.e30.c2ln\",\"region\":\"westeurope\"; Healthy; 4 measurements";

    [Fact]
    public async Task The_smoke_program_works()
    {
        var program = Path.Combine(
            Sdk.Repository,
            "tests/TokenAuth.AotSmoke/bin",
            Sdk.Configuration,
            "net10.0/TokenAuth.AotSmoke.dll"
        );

        Assert.Equal(Works, (await Sdk.RunAsync(Sdk.Repository, program)).Trim());
        if (TestRun.IsFull)
            await RunNativeAsync();
    }

    // The native compiler is a package of 70 MB that not every machine has.
    private static async Task RunNativeAsync()
    {
        using var copy = new SourceCopy("native-");
        await Sdk.RunAsync(copy.Root, "publish", "tests/TokenAuth.AotSmoke", "-p:NativeSmoke=true", "-o", "native");

        var native = Path.Combine(copy.Root, "native", "TokenAuth.AotSmoke");

        Assert.Equal(Works, (await Sdk.ProcessAsync(copy.Root, native)).Trim());
    }
}
