using TokenAuth.Testing;
using TokenAuth.Tests.Telemetry;

namespace TokenAuth.Tests.Lifetime;

/// <summary>What is taken, refused and ended around the token itself.</summary>
public sealed class CachedTokenProviderUseTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedSource _source;

    public CachedTokenProviderUseTests() => _source = new ScriptedSource(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Missing_arguments_are_refused()
    {
        using var provider = new CachedTokenProvider(_source, timeProvider: _time);

        Assert.Throws<ArgumentNullException>("source", () => new CachedTokenProvider(null!));
        Assert.Throws<ArgumentNullException>("rejected", () => provider.Invalidate(null!));
        Assert.Throws<ArgumentNullException>("onToken", () => provider.KeepFresh((Action<AccessToken>)null!));
        Assert.Throws<ArgumentNullException>("onToken", () => provider.KeepFresh((Func<AccessToken, Task>)null!));
        Assert.Throws<ArgumentNullException>(
            "onToken",
            () => provider.KeepFresh((Func<AccessToken, CancellationToken, Task>)null!)
        );
        Assert.Throws<ArgumentNullException>("provider", () => ((ITokenProvider)null!).KeepFresh(_ => { }));
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public void Wrong_options_are_refused_with_all_that_is_wrong()
    {
        var options = new CachedTokenOptions { ProviderName = " ", StoreKey = "Voice" };

        var refusal = Assert.Throws<ArgumentException>("options", () => new CachedTokenProvider(_source, options));

        Assert.StartsWith(
            $"2 settings are wrong:{Environment.NewLine}"
                + $"- CachedTokenOptions.ProviderName is blank; leave it out or give the provider a name.{Environment.NewLine}"
                + "- CachedTokenOptions.StoreKey is 'Voice'; write 1 to 128 of the characters a-z, 0-9 and '-'.",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_store_is_asked_for_the_key_that_was_set()
    {
        var store = new ScriptedStore();
        using var provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { StoreKey = "voice-1" },
            _time,
            store
        );

        await provider.GetTokenAsync(Cancel);

        Assert.Equal(["voice-1"], store.Keys.Distinct());
    }

    [Theory]
    [InlineData(null, true, 1)]
    [InlineData(null, false, 0)]
    [InlineData("voice-1", true, 0)]
    public void A_store_without_a_key_is_warned_of(string? key, bool hasStore, int warnings)
    {
        var logs = new RecordedLogs();

        using var provider = new CachedTokenProvider(
            _source,
            new CachedTokenOptions { ProviderName = "voice", StoreKey = key },
            _time,
            hasStore ? new ScriptedStore() : null,
            logs
        );

        Assert.Equal(
            Enumerable.Repeat(
                "Warning 22: Provider 'voice' has a token store and no StoreKey: another provider of the source ScriptedSource and of this name would be handed "
                    + "its tokens, whatever credentials it has. Set CachedTokenOptions.StoreKey to what tells its grants apart, made of the endpoint and the "
                    + "client id by TokenStoreKey.For.",
                warnings
            ),
            logs.Lines
        );
    }

    [Fact]
    public void The_vendors_providers_have_a_key_of_their_own()
    {
        var logs = new RecordedLogs();

        using var vk = new VkCloudTokenProvider(
            new() { ClientId = "client", ClientSecret = "secret" },
            timeProvider: _time,
            store: new ScriptedStore(),
            loggerFactory: logs
        );
        using var azure = new AzureSpeechTokenProvider(
            new() { Region = "westeurope", SubscriptionKey = "0123456789abcdef0123456789abcdef" },
            timeProvider: _time,
            store: new ScriptedStore(),
            loggerFactory: logs
        );

        Assert.Empty(logs.Lines);
    }

    [Fact]
    public async Task Without_a_key_two_names_do_not_share_a_grant()
    {
        var store = new ScriptedStore();

        foreach (var name in new[] { "voice", "vision", "voice" })
        {
            using var provider = new CachedTokenProvider(_source, new() { ProviderName = name }, _time, store);
            await provider.GetTokenAsync(Cancel);
        }

        Assert.Equal(2, store.Keys.Distinct().Count());
    }

    [Fact]
    public void It_prints_its_name()
    {
        using var provider = new CachedTokenProvider(_source, new CachedTokenOptions { ProviderName = "voice" }, _time);

        Assert.Equal("CachedTokenProvider 'voice'", provider.ToString());
    }

    [Fact]
    [Trait("Failure", "18")]
    public async Task Disposed_asynchronously_it_has_ended_too()
    {
        var provider = new CachedTokenProvider(_source, timeProvider: _time);
        await provider.GetTokenAsync(Cancel);

        await provider.DisposeAsync();

        var ended = await Assert.ThrowsAsync<ObjectDisposedException>(async () => await provider.GetTokenAsync(Cancel));
        Assert.Equal("CachedTokenProvider 'ScriptedSource'", ended.ObjectName);
        Assert.StartsWith(
            "Token provider 'ScriptedSource' is disposed and hands out no more tokens. One of a container ends with the container: "
                + "use it no longer than that, and dispose none of them yourself.",
            ended.Message
        );
    }

    [Fact]
    public async Task Only_the_clock_that_was_given_decides_what_is_fresh()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var source = new ScriptedSource(time) { Life = TimeSpan.FromDays(3_650) };
        using var provider = new CachedTokenProvider(source, timeProvider: time);
        await provider.GetTokenAsync(Cancel);

        time.Advance(source.Life);

        Assert.Equal("token-2", (await provider.GetTokenAsync(Cancel)).Value);
    }

    [Fact]
    public async Task A_caller_that_blocks_when_it_has_its_token_holds_up_neither_another_one_nor_the_engine()
    {
        var store = new ScriptedStore();
        store.FailAt("write");
        using var provider = new CachedTokenProvider(_source, timeProvider: _time, store: store);
        using var blocked = new ManualResetEventSlim();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Answer = async (call, _) =>
        {
            await release.Task;
            return _source.Grant(call);
        };
        var blocking = provider
            .GetTokenAsync(CancellationToken.None)
            .AsTask()
            .ContinueWith(
                _ => blocked.Wait(Cancel),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        var other = provider.GetTokenAsync(CancellationToken.None).AsTask();

        release.SetResult();
        try
        {
            Assert.Equal("token-1", (await other.WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Value);
            store.Before = null;
            await Patience.Until(() => _time.ActiveTimers == 1); // the grant is to be stored later
            _time.Advance(TimeSpan.FromSeconds(30));
            await store.Written.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        }
        finally
        {
            blocked.Set();
            await blocking;
        }
    }
}
