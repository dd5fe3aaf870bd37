using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TokenAuth.Testing;

namespace Tenants;

/// <summary>Four customers use the web API, as their browsers and servers would, and an admin tests their keys.</summary>
public sealed class Demonstration(EmulatedAzure azure, Uri api)
{
    private const int CallsAtOnce = 20;

    public static async Task FillAsync(CustomerDatabase database, EmulatedAzure azure)
    {
        foreach (var name in (string[])["acme", "globex", "umbrella"])
            await database.SaveAsync(new(name, "westeurope", azure[name].AzureSpeech.PrimaryKey));
        await database.SaveAsync(new("initech", "westeurope", "a-key-with-a-typing-error"));
    }

    /// <summary>Whether everything came as promised.</summary>
    public async Task<bool> RunAsync()
    {
        using var admin = await SignInAsync("admin");
        Console.WriteLine("\ncustomer             speech            browser token   the admin's test");
        var isRight = await IsAsync(admin, "acme", "a good key", "20 of 20", "OK", "works");

        azure["acme"].RevokeAccessTokens();
        isRight &= await IsAsync(admin, "acme", "tokens revoked", "20 of 20", "OK", "works");
        isRight &= await IsAsync(admin, "globex", "a good key", "20 of 20", "OK", "works");
        isRight &= await IsAsync(
            admin,
            "initech",
            "a wrong key",
            "ServiceUnavailable",
            "ServiceUnavailable",
            "azure-key-refused"
        );

        await admin.PutAsJsonAsync(
            "admin/customers/initech",
            new { Region = "West Europe", Key = azure["initech"].AzureSpeech.PrimaryKey } // as the portal shows it
        );
        isRight &= await IsAsync(
            admin,
            "initech",
            "a wrong region",
            "ServiceUnavailable",
            "ServiceUnavailable",
            "options-wrong"
        );

        await admin.PutAsJsonAsync(
            "admin/customers/initech",
            new { Region = "westeurope", Key = azure["initech"].AzureSpeech.PrimaryKey }
        );
        isRight &= await IsAsync(admin, "initech", "key mended", "20 of 20", "OK", "works");

        isRight &= await IsAsync(admin, "umbrella", "a good key", "20 of 20", "OK", "works");
        await admin.DeleteAsync("admin/customers/umbrella");
        isRight &= await IsAsync(admin, "umbrella", "has left", "Forbidden", "Forbidden", "unknown");

        return azure.PrintLedger() == 0 && isRight && Revoked("acme") > 0 && Revoked("globex") == 0;
    }

    private async Task<bool> IsAsync(HttpClient admin, string customer, string state, params string[] expected)
    {
        using var client = await SignInAsync(customer);
        string[] seen = [await SpeechAsync(client), await TokenAsync(client), await TestAsync(admin, customer)];
        Console.WriteLine($"{customer, -9}{state, -16}{seen[0], -20}{seen[1], -20}{seen[2]}");

        return seen.SequenceEqual(expected);
    }

    private static async Task<string> SpeechAsync(HttpClient client)
    {
        var calls = Enumerable.Range(0, CallsAtOnce).Select(_ => client.GetAsync("speech?text=hello"));
        var statuses = (await Task.WhenAll(calls)).Select(response => response.StatusCode).ToList();

        return statuses.All(status => status == HttpStatusCode.OK || status != statuses[0])
            ? $"{statuses.Count(status => status == HttpStatusCode.OK)} of {CallsAtOnce}"
            : statuses[0].ToString();
    }

    private static async Task<string> TokenAsync(HttpClient client) =>
        (await client.PostAsync("speech-token", content: null)).StatusCode.ToString();

    private static async Task<string> TestAsync(HttpClient admin, string customer)
    {
        var response = await admin.PostAsync($"admin/customers/{customer}/test", content: null);
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();

        return report.GetProperty("works").GetBoolean()
            ? "works"
            : report.GetProperty("findings")[0].GetProperty("code").GetString()!;
    }

    private async Task<HttpClient> SignInAsync(string name)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false }; // with the cookies of one person
        var client = new HttpClient(handler) { BaseAddress = api };
        await client.PostAsync("sign-in", new FormUrlEncodedContent([new("name", name)]));

        return client;
    }

    private int Revoked(string customer) => azure[customer].Ledger.Endpoints[TokenServiceEndpoint.AzureTts].Rejected;
}
