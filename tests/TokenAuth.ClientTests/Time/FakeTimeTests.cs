using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TokenAuth.Testing;

namespace TokenAuth.ClientTests.Time;

public sealed class FakeTimeTests
{
    [Theory]
    [InlineData("FakeTimeProvider")]
    [InlineData("ManualTimeProvider")]
    public async Task A_token_is_renewed_by_either_test_clock(string kind)
    {
        await using var service = await RevocableService.StartAsync();
        var fake = new FakeTimeProvider();
        var manual = new ManualTimeProvider();
        var services = service.CreateClientServices();
        services.AddSingleton<TimeProvider>(kind == nameof(FakeTimeProvider) ? fake : manual);
        await using var provider = services.BuildServiceProvider();
        var voice = provider.GetRequiredKeyedService<ITokenProvider>("voice");

        var first = await voice.GetTokenAsync(TestContext.Current.CancellationToken);
        fake.Advance(TimeSpan.FromHours(1));
        manual.Advance(TimeSpan.FromHours(1));
        var second = await voice.GetTokenAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("token-1", "token-2"), (first.Value, second.Value));
    }
}
