using Browser;
using TokenAuth.IntegrationTests.Browsing;
using TokenAuth.IntegrationTests.Emulator;

[assembly: AssemblyFixture(typeof(NodeFixture))]

namespace TokenAuth.IntegrationTests.Browsing;

/// <summary>The sample's npm packages, installed when the first test asks for them.</summary>
public sealed class NodeFixture : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private NodePackages? _packages; // guarded by _gate

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The installed packages; skips the test where there can be none.</summary>
    public async Task<NodePackages> GetAsync()
    {
        Assert.SkipUnless(
            Shell.Has("node") && Shell.Has("npm"),
            "Node is not installed (Debian: apt-get install nodejs npm)."
        );
        await _gate.WaitAsync(Stop);
        try
        {
            _packages ??= await NodePackages.InstallAsync(
                Path.Combine(AppContext.BaseDirectory, "npm"),
                CancellationToken.None
            );
        }
        finally
        {
            _gate.Release();
        }

        Assert.SkipUnless(_packages.Problem is null, _packages.Problem ?? "");
        return _packages;
    }

    public void Dispose() => _gate.Dispose();
}
