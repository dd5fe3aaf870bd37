using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.Tenants;

/// <summary>
/// A thousand tenants over sockets, of VK Cloud and of a source, whose tokens are revoked, who leave and are forgotten, and some of whose
/// endpoints fail. Every request says whose it is, and the emulator's ledger says with which token it came.
/// </summary>
public sealed class ManyTenantsTests : IAsyncLifetime
{
    private const int TenantCount = 1_000;
    private const int Callers = 50;
    private const string TenantHeader = "X-Tenant";

    private readonly IssuedTokens _issued = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly int[] _underWay = new int[TenantCount]; // requests of each tenant
    private TokenServiceEmulator _emulator = null!;
    private HttpClient _ownTokenClient = null!;
    private ServiceProvider _services = null!;
    private int _sent;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _emulator = await TokenServiceEmulator.StartAsync(new() { MaxRecordedRequests = 300_000 }, Cancel);
        var project = _emulator.Options.VkCloud;
        (project.RefreshTokenLimit, project.AccessTokenLimit) = (int.MaxValue, int.MaxValue);
        for (var number = 0; number < TenantCount; number++)
            project.Clients.Add(new VkCloudClient(Name(number), "secret-of-" + Name(number), "tts"));
        _ownTokenClient = new HttpClient(_issued.CreateHandler());
        _services = Services();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _ownTokenClient.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task The_emulator_sees_each_request_with_its_own_tenants_token()
    {
        using var over = new CancellationTokenSource();
        var disturbing = DisturbAsync(over.Token);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller), Cancel)));
        await over.CancelAsync();
        await disturbing;

        var received = _emulator.Ledger.DataRequests;
        Assert.Empty(_failures);
        Assert.DoesNotContain(
            received,
            request =>
                _issued.OwnerOf(request.Headers["Authorization"]["Bearer ".Length..]) != request.Headers[TenantHeader]
        );
        Assert.InRange(received.Count, TestRun.TenantRequests * 7 / 10, TestRun.TenantRequests * 2);
        Assert.InRange(_emulator.Ledger.DataCallsRejected, 1, received.Count / 2);
        TestContext.Current.SendDiagnosticMessage(
            $"{received.Count} requests, {_emulator.Ledger.DataCallsRejected} refused, {_issued.Count} tokens"
        );
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services
            .AddTokenAuth()
            .AddVkCloudTenants("voice", (tenant, _, _) => new(Options(tenant)))
            .AddTokenSourceTenants("own", (tenant, _, _) => new(Source(tenant)), o => o.Capacity = TenantCount / 6)
            .ConfigureTokenClient(http => http.ConfigurePrimaryHttpMessageHandler(_issued.CreateHandler));
        services.AddHttpClient("voice").RemoveAllLoggers().AddBearerToken("voice");
        services
            .AddHttpClient("own")
            .RemoveAllLoggers()
            .AddBearerToken(
                "own",
                o => o.IsRejected = (response, _) => new(response.StatusCode == HttpStatusCode.BadRequest)
            );

        return services.BuildServiceProvider();
    }

    private VkCloudOptions Options(string tenant) =>
        new()
        {
            ClientId = tenant,
            ClientSecret = SecretOf(tenant),
            TokenEndpoint = EndpointOf(tenant),
        };

    private VoiceSource Source(string tenant) => new(_ownTokenClient, EndpointOf(tenant), tenant, SecretOf(tenant));

    private static string SecretOf(string tenant) => (IsRefused(tenant) ? "no-secret-of-" : "secret-of-") + tenant;

    // Port 9 is nobody's: a connection is refused at once.
    private Uri EndpointOf(string tenant) =>
        IsUnreachable(tenant) ? new Uri("http://127.0.0.1:9/token") : _emulator.VkTokenEndpoint;

    private async Task CallAsync(int seed)
    {
        var random = new Random(seed);
        var clients = _services.GetRequiredService<IHttpClientFactory>();
        for (var i = 0; i < TestRun.TenantRequests / Callers; i++)
        {
            // Some tenants are busy, most are not.
            var number = random.Next(4) == 0 ? random.Next(20) : random.Next(TenantCount);
            var tenant = Name(number);
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                new Uri(_emulator.VoiceAddress, "tts?encoder=pcm&text=a")
            );
            request.Headers.Add(TenantHeader, tenant);
            request.SetTokenTenant(tenant);
            Interlocked.Increment(ref _underWay[number]);
            try
            {
                using var response = await clients
                    .CreateClient(number % 2 == 0 ? "voice" : "own")
                    .SendAsync(request, Cancel);
                if (!response.IsSuccessStatusCode)
                    _failures.Enqueue($"{tenant}: {response.StatusCode}");
            }
            catch (TokenAcquisitionException) when (IsRefused(tenant) || IsUnreachable(tenant)) { }
            catch (Exception exception)
            {
                _failures.Enqueue($"{tenant}: {exception}");
            }
            finally
            {
                Interlocked.Decrement(ref _underWay[number]);
                Interlocked.Increment(ref _sent);
            }
        }
    }

    // A request is healed once, so no request may see two tokens revoked. The newest token is read first: if no request is under way after that,
    // none can be on its second sending with this token.
    private async Task DisturbAsync(CancellationToken over)
    {
        var tenants = _services.GetRequiredService<ITokenTenants>();
        var random = new Random(0);
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var forgotten = random.Next(TenantCount);
            if (i % 4 == 0)
                await tenants.ForgetAsync(
                    forgotten % 2 == 0 ? "voice" : "own",
                    Name(forgotten),
                    cancellationToken: Cancel
                );
            else if (_issued.NewestOf(Name(i % TenantCount)) is { } token && !IsUnderWay(i % TenantCount))
                _emulator.VkCloud.RevokeAccessToken(token);
            while (Volatile.Read(ref _sent) < 5 * i && !over.IsCancellationRequested)
                await Task.Delay(1, Cancel);
        }
    }

    private bool IsUnderWay(int number) => Volatile.Read(ref _underWay[number]) > 0;

    private static bool IsRefused(string tenant) => NumberOf(tenant) % 20 is 0 or 5;

    private static bool IsUnreachable(string tenant) => NumberOf(tenant) % 20 is 10 or 15;

    private static int NumberOf(string tenant) => int.Parse(tenant.AsSpan(1), CultureInfo.InvariantCulture);

    private static string Name(int number) => "t" + number.ToString(CultureInfo.InvariantCulture);
}
