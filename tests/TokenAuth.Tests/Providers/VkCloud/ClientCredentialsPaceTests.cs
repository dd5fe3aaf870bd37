using TokenAuth.Testing;

namespace TokenAuth.Tests.Providers.VkCloud;

public sealed class ClientCredentialsPaceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ClientCredentialsPace _pace;

    public ClientCredentialsPaceTests() => _pace = new ClientCredentialsPace(_time);

    [Fact]
    [Trait("Failure", "33")]
    public void After_a_grant_a_minute_passes()
    {
        _pace.Granted("refresh-1");

        _time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), _pace.Wait);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_pace.Wait);
        Assert.Equal("refresh-1", _pace.RefreshToken);
    }

    // A first exchange that breaks off may be tried again at once; more of them could spend all 25 refresh tokens within minutes.
    [Fact]
    [Trait("Failure", "3")]
    public void Answers_that_do_not_arrive_are_asked_for_less_and_less_often()
    {
        var pauses = new List<double>();
        for (var exchange = 0; exchange < 8; exchange++)
        {
            _pace.Unanswered();
            var wait = _pace.Wait ?? TimeSpan.Zero;
            pauses.Add(wait.TotalMinutes);
            _time.Advance(wait);
        }

        Assert.Equal([0, 1, 2, 4, 8, 15, 15, 15], pauses);
    }
}
