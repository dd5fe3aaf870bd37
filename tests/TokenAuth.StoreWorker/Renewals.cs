using System.Diagnostics;
using System.Globalization;

namespace TokenAuth.StoreWorker;

/// <summary>An application's calls of a real provider, against the emulator.</summary>
internal static class Renewals
{
    /// <summary>
    /// Takes a token, waits for a line of input, then asks again and again until it was renewed so often; prints calls,
    /// failures, longest wait in milliseconds.
    /// </summary>
    public static async Task RunAsync(ITokenStore store, Uri tokenEndpoint, int times)
    {
        await WarmAsync(store);
        await using var provider = new VkCloudTokenProvider(Options(tokenEndpoint), store: store);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var longest = TimeSpan.Zero;
        var (calls, failures) = (0, 0);

        await WarmUpAsync(provider);
        Console.WriteLine("warm");
        await Console.In.ReadLineAsync();

        while (seen.Count < times + 1)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                calls++;
                seen.Add((await provider.GetTokenAsync()).Value);
            }
            catch (TokenAcquisitionException e)
            {
                failures++;
                await Console.Error.WriteLineAsync(e.Message);
            }

            var waited = Stopwatch.GetElapsedTime(start);
            longest = waited > longest ? waited : longest;
            await Task.Delay(20);
        }

        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{calls} {failures} {longest.TotalMilliseconds:0}")
        );
    }

    /// <summary>Takes the first token as any application does, prints it, and ends.</summary>
    public static async Task StartAsync(ITokenStore store, Uri tokenEndpoint)
    {
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
        await using var provider = new VkCloudTokenProvider(Options(tokenEndpoint), store: store);

        Console.WriteLine((await provider.GetTokenAsync()).Value);
    }

    // While all processes start at once, an exchange may take longer than its token lives.
    private static async Task WarmUpAsync(VkCloudTokenProvider provider)
    {
        while (true)
        {
            try
            {
                await provider.GetTokenAsync();
                return;
            }
            catch (TokenAcquisitionException e) when (e.IsTransient)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Asks for a token and stands still at one step of read-call-write, until a line of input.</summary>
    public static async Task HaltAsync(ITokenStore store, Uri tokenEndpoint, string step)
    {
        await WarmAsync(store);
        var halt = new Halt(step);
        using var client = new HttpClient(
            new HaltingHandler(halt) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } }
        );
        await using var provider = new VkCloudTokenProvider(
            Options(tokenEndpoint),
            client,
            store: new HaltingStore(store, halt)
        );

        await provider.GetTokenAsync();
        await halt.AtAsync("released");
    }

    // On a busy machine the first use of a store, with a connection to open and code to compile, may take longer than the engine waits
    // for a store; the halt would then be passed by, a stored grant not found.
    private static async Task WarmAsync(ITokenStore store)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await store.ReadAsync("warm", CancellationToken.None);
                return;
            }
            catch (TokenStoreException) when (attempt < 10) { }
    }

    public static VkCloudOptions Options(Uri tokenEndpoint) =>
        new()
        {
            ClientId = Environment.GetEnvironmentVariable("WORKER_CLIENT_ID")!,
            ClientSecret = Environment.GetEnvironmentVariable("WORKER_CLIENT_SECRET"),
            TokenEndpoint = tokenEndpoint,
        };
}
