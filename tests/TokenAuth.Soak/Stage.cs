using System.Security.Cryptography;
using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>All that takes part: clock, vendors, database, members, and who makes them fail. Ends what it started.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();
    private readonly WorkUnderWay _work = new();

    private Stage()
    {
        Clock = Own(new SoakClock(_work));
        Journal = new(Clock);
    }

    public SoakClock Clock { get; }

    public Journal Journal { get; }

    public TokenServiceEmulator Emulator { get; private set; } = null!; // these are set by StartAsync

    public SoakFleet Fleet { get; private set; } = null!;

    public VkCloudEpisodes VkCloud { get; private set; } = null!;

    public Director Director { get; private set; } = null!;

    public static async Task<Stage> StartAsync(int seed, bool isVerbose)
    {
        var stage = new Stage();
        try
        {
            var options = new TokenServiceEmulatorOptions
            {
                TimeProvider = stage.Clock.Vendors,
                MaxRecordedRequests = 10,
            };
            options.VkCloud.AccessTokenLifetime = TokenLine.VkCloudLife;
            stage.Emulator = stage.Own(await TokenServiceEmulator.StartAsync(options));
            var database = stage.Own(await SoakDatabase.StartAsync(stage._work));
            stage.Cast(seed, database, isVerbose);

            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
            await owned.DisposeAsync();
        _work.Dispose();
    }

    private void Cast(int seed, SoakDatabase database, bool isVerbose)
    {
        var vkCloud = CreateVendor("VK Cloud", TokenServiceEndpoint.VkToken, TokenLine.Voice, TokenLine.Vision);
        var azure = CreateVendor("Azure", TokenServiceEndpoint.AzureToken, TokenLine.Speech, TokenLine.Spare);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var sharing = Enumerable
            .Range(0, TokenLine.Voice.Members)
            .Select(_ => Own(Member.InFleet(Emulator, Clock, database, key, isVerbose)))
            .ToList();
        var alone = Own(Member.Alone(Emulator, Clock, isVerbose));

        Fleet = new(Clock, new Tally(Clock), [vkCloud, azure], sharing, alone);
        VkCloud = new(vkCloud, Emulator, Fleet);
        Director = new(
            seed,
            Clock,
            Fleet.Tally,
            VkCloud,
            new AzureEpisodes(azure, Emulator, Fleet),
            new DatabaseEpisodes(database, Fleet),
            new ClockEpisodes(Fleet),
            Journal.Say
        );
    }

    private Vendor CreateVendor(string name, TokenServiceEndpoint endpoint, params TokenLine[] lines) =>
        new(name, endpoint, lines, Emulator, Clock, Journal.Say);

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Push(owned);

        return owned;
    }
}
