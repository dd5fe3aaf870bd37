using System.Collections.Concurrent;
using System.Text.Json;

namespace TokenAuth.IntegrationTests.Tenants;

/// <summary>Whom the emulator has issued which token, as it goes over the wire.</summary>
internal sealed class IssuedTokens
{
    private readonly ConcurrentDictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _newest = new(StringComparer.Ordinal);

    public int Count => _owners.Count;

    public string? OwnerOf(string token) => _owners.GetValueOrDefault(token);

    public string? NewestOf(string clientId) => _newest.GetValueOrDefault(clientId);

    public HttpMessageHandler CreateHandler() =>
        new Reading(this) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };

    private sealed class Reading(IssuedTokens all) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var asked = await request.Content!.ReadAsStringAsync(cancellationToken);
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                var clientId = Member(asked, "client_id");
                var granted = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(granted, null, "application/json"); // it was read
                var token = Member(granted, "access_token");
                all._owners[token] = clientId;
                all._newest[clientId] = token;
            }

            return response;
        }

        private static string Member(string json, string name)
        {
            using var document = JsonDocument.Parse(json);

            return document.RootElement.GetProperty(name).GetString()!;
        }
    }
}
