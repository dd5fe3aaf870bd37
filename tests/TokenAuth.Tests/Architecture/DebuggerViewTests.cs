using System.Net;
using System.Text;
using TokenAuth.Testing;
using TokenAuth.Tests.Handlers;
using TokenAuth.Tests.Lifetime;
using TokenAuth.Tests.Wire;

namespace TokenAuth.Tests.Architecture;

/// <summary>Screens are shared and crash dumps are sent around.</summary>
[Trait("Failure", "46")]
public sealed class DebuggerViewTests : IDisposable
{
    private const string Secret = "not-to-be-shown";

    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedEndpoint _endpoint;

    public DebuggerViewTests() => _endpoint = new ScriptedEndpoint(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Holders => [.. _holders.Keys];

    private static readonly Dictionary<string, object> _holders = new(StringComparer.Ordinal)
    {
        ["token"] = Used(new AccessToken(Secret)),
        ["grant"] = Grant(),
        ["record"] = new TokenRecord(Grant(), _now),
        ["VK options"] = new VkCloudOptions { ClientSecret = Secret, RefreshToken = Secret },
        ["Azure options"] = new AzureSpeechOptions { SubscriptionKey = Secret, SecondaryKey = Secret },
        ["static options"] = new StaticTokenOptions { Token = Secret },
        ["static token"] = new StaticTokenProvider(Secret),
        ["keys"] = new SubscriptionKeyProvider(Secret, Secret + "2"),
        ["VK request"] = new VkCloudTokenRequest
        {
            ClientId = "id",
            ClientSecret = Secret,
            RefreshToken = Secret,
            GrantType = "refresh_token",
        },
        ["endpoint call"] = new TokenEndpointCall
        {
            Vendor = "VK Cloud",
            ProviderName = "vk",
            Endpoint = new Uri("https://localhost/"),
            Settings = "VkCloudOptions.TokenEndpoint",
            CreateRequest = () => new(),
            Secrets = [Secret],
        },
        ["endpoint reply"] = new TokenEndpointResponse
        {
            StatusCode = HttpStatusCode.OK,
            SentAt = _now,
            Text = Secret,
            RetryAfter = null,
        },
        ["pace"] = Granted(new ClientCredentialsPace(new ManualTimeProvider())),
#if !NETSTANDARD_ASSEMBLY
        ["store options"] = new FileTokenStoreOptions { EncryptionKey = Secret, PreviousEncryptionKeys = [Secret] },
        ["sealing key"] = new SealingKey(Convert.ToBase64String(Encoding.ASCII.GetBytes(Secret.PadRight(32)))),
        ["record content"] = new TokenRecordContent
        {
            AccessToken = Secret,
            RefreshToken = Secret,
            RequestedAt = _now,
        },
#endif
    };

    public void Dispose() => _endpoint.Dispose();

    [Theory, MemberData(nameof(Holders))]
    public void What_holds_a_secret_does_not_show_it(string holder) =>
        Assert.Empty(DebuggerView.PlacesThatShow(Secret, _holders[holder]));

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task Neither_does_a_provider_or_a_handler_in_use(string kind)
    {
        _endpoint.Answer = (n, _) =>
            Task.FromResult(
                ScriptedEndpoint.Json(
                    $$"""{"refresh_token":"{{Secret}}-r{{n}}","access_token":"{{Secret}}-{{n}}","expired_in":"3600"}"""
                )
            );
        var options = new VkCloudOptions { ClientId = "id", ClientSecret = Secret };
        using var provider = new VkCloudTokenProvider(options, _endpoint.Client, _time, new ScriptedStore());
        using var handler = AnyHandler.Of(
            kind,
            kind == "Key" ? new Relay(provider) : provider,
            new StubPrimaryHandler(401, 200)
        );
        using var client = new HttpMessageInvoker(handler);
        using var kept = provider.KeepFresh(_ => { });

        using var response = await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancel);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Empty(DebuggerView.PlacesThatShow(Secret, handler));
        Assert.Empty(DebuggerView.PlacesThatShow(Secret, provider));
        Assert.Empty(DebuggerView.PlacesThatShow(Secret, kept));
    }

    private static ClientCredentialsPace Granted(ClientCredentialsPace pace)
    {
        pace.Granted(Secret);

        return pace;
    }

    private static TokenGrant Grant() =>
        new(new AccessToken(Secret)) { RefreshToken = Secret, OtherRefreshToken = Secret };

    private static AccessToken Used(AccessToken token)
    {
        Assert.Contains(Secret, token.BearerHeader + token.QueryValue);

        return token;
    }

    /// <summary>VK Cloud takes its token in no key header; an application's provider may do as it likes.</summary>
    private sealed class Relay(ITokenProvider inner) : ITokenProvider
    {
        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
            inner.GetTokenAsync(cancellationToken);

        public void Invalidate(AccessToken rejected) => inner.Invalidate(rejected);

        public override string? ToString() => inner.ToString();
    }
}
