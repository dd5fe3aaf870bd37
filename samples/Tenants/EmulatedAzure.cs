using TokenAuth.Testing;

namespace Tenants;

/// <summary>A Speech resource for each customer, in the place of Azure.</summary>
public sealed class EmulatedAzure : IAsyncDisposable
{
    private readonly SortedDictionary<string, TokenServiceEmulator> _resources = new(StringComparer.Ordinal);

    public TokenServiceEmulator this[string customer] => _resources[customer];

    public static async Task<EmulatedAzure> StartAsync(params string[] customers)
    {
        var azure = new EmulatedAzure();
        foreach (var customer in customers)
        {
            var resource = await TokenServiceEmulator.StartAsync();
            resource.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary); // each resource has keys of its own
            azure._resources[customer] = resource;
        }

        return azure;
    }

    /// <summary>In place of issueToken of a customer's region; nobody listens at the address of a customer who was added later.</summary>
    public Uri TokenEndpointOf(string customer) =>
        _resources.TryGetValue(customer, out var resource)
            ? resource.AzureTokenEndpoint
            : new Uri("http://127.0.0.1:9/sts/v1.0/issueToken");

    /// <summary>Prints what each resource has seen. Returns the number of requests that had another resource's key or token.</summary>
    public int PrintLedger()
    {
        Console.WriteLine("\nresource   token calls  wrong keys  speech calls  old tokens  another's credential");
        var foreign = 0;
        foreach (var (customer, resource) in _resources)
        {
            var ledger = resource.Ledger;
            var wrongKeys = KeysOf(resource).Where(key => key != resource.AzureSpeech.PrimaryKey).ToList();
            var foreignHere = wrongKeys.Count(IsOfAnother) + TokensOfOthers(resource);
            var speech = ledger.Endpoints[TokenServiceEndpoint.AzureTts];
            Console.WriteLine(
                $"{customer, -9}{ledger.IssueTokenCalls, 13}{wrongKeys.Count, 12}{speech.Calls, 14}{speech.Rejected, 12}{foreignHere, 22}"
            );
            foreign += foreignHere;
        }

        return foreign;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in _resources.Values)
            await resource.DisposeAsync();
    }

    private bool IsOfAnother(string key) => _resources.Values.Any(other => other.AzureSpeech.PrimaryKey == key);

    private int TokensOfOthers(TokenServiceEmulator resource)
    {
        var own = TokensOf(resource);

        return _resources.Values.Where(other => other != resource).Sum(other => TokensOf(other).Intersect(own).Count());
    }

    private static IEnumerable<string> KeysOf(TokenServiceEmulator resource) =>
        resource.Ledger.TokenRequests.Select(request => request.Headers["Ocp-Apim-Subscription-Key"]);

    private static HashSet<string> TokensOf(TokenServiceEmulator resource) =>
        [.. resource.Ledger.DataRequests.Select(request => request.Headers["Authorization"])];
}
