using System.Globalization;
using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Wire;

/// <summary>What TokenAuth says is English with invariant numbers and times, whatever language the machine or the application has set.</summary>
public sealed class MessageCultureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_are_the_same_under_a_culture_that_writes_everything_differently()
    {
        var invariant = await MessagesAsync(CultureInfo.InvariantCulture);
        var other = await MessagesAsync(Strange());

        Assert.Equal(invariant, other);
        Assert.True(invariant.Count > 20);
        Assert.All(invariant, message => Assert.DoesNotMatch("~|§|\\p{IsCyrillic}", message));
    }

    private static CultureInfo Strange()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "~";
        culture.NumberFormat.NumberDecimalSeparator = "§";
        culture.NumberFormat.NumberGroupSeparator = "~";
        culture.DateTimeFormat.TimeSeparator = "§";
        culture.DateTimeFormat.DateSeparator = "~";

        return culture;
    }

    private static async Task<List<string>> MessagesAsync(CultureInfo culture)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        try
        {
            var messages = new List<string>();
            foreach (var status in new[] { 200, 302, 400, 401, 404, 407, 429, 503 })
            foreach (var body in new[] { "", """{"error":"invalid_grant","message":"Срок действия токена истёк"}""" })
                await AddAsync(messages, status, body);

            messages.Add(Error(() => new AzureSpeechTokenProvider(new() { ReuseFor = TimeSpan.FromSeconds(-90.5) })));
            messages.Add(Error(() => new VkCloudTokenProvider(new() { AssumedLifetime = TimeSpan.FromDays(-1.5) })));

            return messages;
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }

    private static async Task AddAsync(List<string> messages, int status, string body)
    {
        var time = new ManualTimeProvider();
        using var endpoint = new ScriptedEndpoint(time);
        endpoint.Answers(() =>
        {
            var response = ScriptedEndpoint.Reply((HttpStatusCode)status, body);
            response.Headers.Date = time.GetUtcNow().AddMinutes(-1234.5);

            return response;
        });
        using var vk = new VkCloudTokenProvider(
            new() { ClientId = "mcs1.voice.2", ClientSecret = "the-client's-secret" },
            endpoint.Client,
            time
        );
        using var azure = new AzureSpeechTokenProvider(
            new() { Region = "westeurope", SubscriptionKey = "the-key" },
            endpoint.Client,
            time
        );

        foreach (var provider in new ITokenProvider[] { vk, azure })
        {
            var failure = await Assert.ThrowsAsync<TokenAcquisitionException>(() =>
                time.AdvanceUntilAsync(provider.GetTokenAsync(Cancel).AsTask(), TimeSpan.FromMilliseconds(50), 2_000)
            );
            messages.Add(failure.Message);
            var probing = provider.ProbeAsync(new TokenProbeOptions { MaySpendRefreshToken = true }, Cancel);
            messages.Add($"{await time.AdvanceUntilAsync(probing, TimeSpan.FromMilliseconds(50), 2_000)}");
        }
    }

    private static string Error(Func<ITokenProvider> create) => Assert.Throws<ArgumentException>(create).Message;
}
