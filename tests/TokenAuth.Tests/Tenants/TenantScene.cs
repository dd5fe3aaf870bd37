using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Testing;
using TokenAuth.TestKit;

namespace TokenAuth.Tests.Tenants;

/// <summary>
/// Azure Speech resources, one a tenant and each at its own custom domain: a token says whose it is, and so does the host that is to take it.
/// </summary>
internal sealed class TenantScene : IAsyncDisposable
{
    public const string ClientName = "speech-service";
    private const string RevocationHeader = "X-Revocation";

    private readonly ConcurrentDictionary<string, long> _revoked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _newest = new(StringComparer.Ordinal);
    private readonly Lazy<HttpClient> _client;
    private int _issued;
    private long _revocations;

    public TenantScene(
        Action<TokenTenantOptions>? configure = null,
        Action<TokenHandlerOptions>? handler = null,
        TimeProvider? time = null,
        ITokenStore? store = null,
        Func<string, IServiceProvider, CancellationToken, ValueTask<AzureSpeechOptions?>>? resolve = null,
        Action<TokenAuthBuilder>? more = null
    )
    {
        var services = new ServiceCollection();
        services.AddLogging(logs => logs.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(Logs));
        services.AddSingleton(time ?? Time);
        if (store is not null)
            services.AddSingleton(store);
        var tokens = services
            .AddTokenAuth()
            .AddAzureSpeechTenants("speech", resolve ?? Resolve, configure)
            .ConfigureTokenClient(http =>
                http.ConfigurePrimaryHttpMessageHandler(() => new StubPrimaryHandler(Issue) { AnswersLater = true })
            );
        more?.Invoke(tokens);
        services
            .AddHttpClient(ClientName)
            .AddBearerToken("speech", handler)
            .ConfigurePrimaryHttpMessageHandler(() => new StubPrimaryHandler(Serve) { AnswersLater = true });
        Services = services.BuildServiceProvider();
        _client = new(() => Services.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName));
        Tenants = Services.GetRequiredService<ITokenTenants>();
    }

    public ManualTimeProvider Time { get; } = new() { Patience = TimeSpan.FromMilliseconds(200) };

    public RecordedLogs Logs { get; } = new();

    public ServiceProvider Services { get; }

    public HttpClient Client => _client.Value;

    public ITokenTenants Tenants { get; }

    /// <summary>How often each tenant was resolved.</summary>
    public ConcurrentDictionary<string, int> Resolved { get; } = new(StringComparer.Ordinal);

    /// <summary>Whose token endpoint fails.</summary>
    public ConcurrentDictionary<string, byte> Failing { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that carried another's credential, or came to another's host.</summary>
    public ConcurrentQueue<string> Crossed { get; } = new();

    public ConcurrentQueue<string> Received { get; } = new();

    /// <summary>The keys that came to a token endpoint.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    public int Issued => Volatile.Read(ref _issued);

    public static Uri Host(string tenant) => new($"https://{tenant}.cognitiveservices.azure.com/");

    public static AzureSpeechOptions Options(string tenant, string key = "1") =>
        new() { Endpoint = Host(tenant), SubscriptionKey = $"key-of-{tenant}-{key}" };

    public static HttpRequestMessage Request(string? tenant, string? host = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Host(host ?? tenant!), "stt/speech"));
        if (tenant is not null)
            request.SetTokenTenant(tenant);

        return request;
    }

    public static MemoryTokenStore Store() =>
        new(
            new MemoryRecords(),
            new FileTokenStoreOptions { EncryptionKey = StoreRecords.NewEncryptionKey() },
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance
        );

    /// <summary>The service takes none of the tenant's tokens that were issued so far.</summary>
    public void Revoke(string tenant)
    {
        if (_newest.TryGetValue(tenant, out var token))
            _revoked.TryAdd(token, Interlocked.Increment(ref _revocations));
    }

    public async Task<HttpStatusCode> SendAsync(string? tenant, string? host = null, CancellationToken cancel = default)
    {
        using var request = Request(tenant, host);
        using var response = await Client.SendAsync(request, cancel);

        return response.StatusCode;
    }

    /// <summary>Sends, and says whether the response is what the tenant may expect: a token that is revoked under way may be refused.</summary>
    public async Task<string?> ComplaintAsync(string tenant, CancellationToken cancel)
    {
        var begin = Interlocked.Read(ref _revocations);
        using var request = Request(tenant);
        using var response = await Client.SendAsync(request, cancel);
        if (response.IsSuccessStatusCode)
            return null;

        var revocation = long.Parse(
            response.Headers.GetValues(RevocationHeader).Single(),
            CultureInfo.InvariantCulture
        );

        return revocation > begin ? null : $"{tenant}: {response.StatusCode}, revocation {revocation} before {begin}";
    }

    public ValueTask<AzureSpeechOptions?> Resolve(
        string tenant,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        Resolved.AddOrUpdate(tenant, 1, (_, count) => count + 1);

        return new(tenant.StartsWith("unknown", StringComparison.Ordinal) ? null : Options(tenant));
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsValueCreated)
            Client.Dispose();
        await Services.DisposeAsync();
    }

    private static string Part(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string TenantOf(Uri address) => address.Host.Split('.')[0];

    private HttpResponseMessage Issue(HttpRequestMessage request)
    {
        var tenant = TenantOf(request.RequestUri!);
        var key = request.Headers.GetValues("Ocp-Apim-Subscription-Key").Single();
        Keys.Enqueue(key);
        if (!key.StartsWith($"key-of-{tenant}-", StringComparison.Ordinal))
            Crossed.Enqueue($"{key} at {request.RequestUri}");
        if (Failing.ContainsKey(tenant))
            return new(HttpStatusCode.Forbidden)
            {
                Content = new StringContent("""{"error":{"code":"403"}}""", null, "application/json"),
            };

        var token = $"{Part("{}")}.{Part(tenant)}.{Part($"signature {Interlocked.Increment(ref _issued)}")}";
        _newest[tenant] = token;

        return new(HttpStatusCode.OK) { Content = new StringContent(token) };
    }

    private HttpResponseMessage Serve(HttpRequestMessage request)
    {
        var token = request.Headers.Authorization!.Parameter!;
        var tenant = TenantOf(request.RequestUri!);
        if (!string.Equals(token.Split('.')[1], Part(tenant), StringComparison.Ordinal))
            Crossed.Enqueue($"{token} at {request.RequestUri}");
        Received.Enqueue(tenant);

        if (!_revoked.TryGetValue(token, out var revocation))
            return new(HttpStatusCode.OK);

        var refusal = new HttpResponseMessage(HttpStatusCode.Unauthorized);
        refusal.Headers.Add(RevocationHeader, revocation.ToString(CultureInfo.InvariantCulture));

        return refusal;
    }
}
