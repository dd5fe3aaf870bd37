using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.Emulator;

/// <summary>Speaks to the emulator as the vendors document it, with a bare HttpClient.</summary>
internal sealed class EmulatorClient(TokenServiceEmulator emulator) : IDisposable
{
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public async Task<(int Status, JsonObject Body)> MintAsync(VkCloudClient client) =>
        await VkTokenAsync(
            new()
            {
                ["client_id"] = client.ClientId,
                ["client_secret"] = client.ClientSecret,
                ["grant_type"] = "client_credentials",
            }
        );

    public async Task<(int Status, JsonObject Body)> RefreshAsync(VkCloudClient client, string refreshToken) =>
        await VkTokenAsync(
            new()
            {
                ["client_id"] = client.ClientId,
                ["refresh_token"] = refreshToken,
                ["grant_type"] = "refresh_token",
            }
        );

    public async Task<(int Status, JsonObject Body)> VkTokenAsync(JsonObject request)
    {
        using var response = await Http.PostAsync(
            emulator.VkTokenEndpoint,
            new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json")
        );
        return ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public async Task<string> AccessTokenAsync(VkCloudClient client) =>
        (await MintAsync(client)).Body["access_token"]!.GetValue<string>();

    public async Task<HttpResponseMessage> IssueTokenAsync(string key, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, emulator.AzureTokenEndpoint);
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Add("Ocp-Apim-Subscription-Key", key);
        request.Headers.Host = host;
        return await Http.SendAsync(request);
    }

    public async Task<string> AzureTokenAsync()
    {
        using var response = await IssueTokenAsync(emulator.AzureSpeech.PrimaryKey);
        return await response.Content.ReadAsStringAsync();
    }

    public void Dispose() => Http.Dispose();
}
