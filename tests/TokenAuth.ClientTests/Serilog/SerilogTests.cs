using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace TokenAuth.ClientTests.Serilog;

public sealed class SerilogTests
{
    [Fact]
    public void A_destructured_token_grant_or_option_shows_no_secret()
    {
        var log = new Events();
        var configuration = new LoggerConfiguration().WriteTo.Sink(log);
        // recipe: serilog
        configuration.Destructure.ByTransformingWhere<object>(
            type => type.Namespace?.StartsWith("TokenAuth", StringComparison.Ordinal) == true,
            value => value.ToString()!
        );
        // end of recipe
        using var logger = configuration.CreateLogger();
        var token = new AccessToken("a-secret");

        logger.Information("{@Token}", token);
        logger.Information("{@Grant}", new TokenGrant(token) { RefreshToken = "a-secret" });
        logger.Information("{@Options}", new VkCloudOptions { ClientId = "id", ClientSecret = "a-secret" });
        logger.Information("{@Options}", new AzureSpeechOptions { SubscriptionKey = "a-secret" });
        logger.Information("{@Nested}", new { Token = token });

        Assert.Equal(5, log.Texts.Count);
        Assert.All(log.Texts, text => Assert.DoesNotContain("a-secret", text, StringComparison.Ordinal));
        Assert.Contains("AccessToken", log.Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_that_line_Serilog_reads_every_property()
    {
        var log = new Events();
        using var logger = new LoggerConfiguration().WriteTo.Sink(log).CreateLogger();

        logger.Information("{@Token}", new AccessToken("a-secret"));

        Assert.Contains("a-secret", Assert.Single(log.Texts), StringComparison.Ordinal);
    }

    private sealed class Events : ILogEventSink
    {
        public List<string> Texts { get; } = [];

        public void Emit(LogEvent logEvent) =>
            Texts.Add(string.Concat(logEvent.Properties.Select(property => $"{property.Key}: {property.Value} ")));
    }
}
