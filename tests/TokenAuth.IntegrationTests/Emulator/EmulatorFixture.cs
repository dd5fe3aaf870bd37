using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>A fresh emulator on a manual clock, and a client of it, for each test.</summary>
public abstract class EmulatorFixture : IAsyncLifetime
{
    protected ManualTimeProvider Clock { get; } = new();

    protected TokenServiceEmulator Emulator { get; private set; } = null!;

    private protected EmulatorClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await TokenServiceEmulator.StartAsync(new() { TimeProvider = Clock });
        Client = new(Emulator);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
