using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TokenAuth;
using TokenAuth.Testing;

namespace Browser;

/// <summary>
/// A page reports a token that was refused. A report alone renews nothing: the provider heeds 20 an hour, and one user would spend them for all.
/// So Azure is asked first, with the cheapest call there is, and only about the token that would be handed out again.
/// </summary>
public sealed class RefusedToken(HttpClient http, [FromKeyedServices("speech")] ITokenProvider provider)
{
    private const string Voices = "cognitiveservices/voices/list";

    public async Task<IResult> HandleAsync(string? reported, TokenServiceEmulator? emulator)
    {
        if (string.IsNullOrWhiteSpace(reported))
            return Results.BadRequest();

        try
        {
            if (Address(emulator) is not { } address)
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable); // the provider has neither region nor endpoint

            var current = await provider.GetTokenAsync();
            if (current.Value == reported && await IsRefusedAsync(current, address))
                provider.Invalidate(current);

            return Results.NoContent();
        }
        catch (Exception exception)
            when (exception is TokenAcquisitionException or HttpRequestException or TaskCanceledException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable); // nobody knows; the token stays
        }
    }

    private async Task<bool> IsRefusedAsync(AccessToken token, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        return response.StatusCode == HttpStatusCode.Unauthorized;
    }

    private static string Cloud(string region) =>
        region.StartsWith("usgov", StringComparison.Ordinal) ? "azure.us"
        : region.StartsWith("china", StringComparison.Ordinal) ? "azure.cn"
        : "microsoft.com";

    // A custom domain has its own; see docs/troubleshooting.md.
    private Uri? Address(TokenServiceEmulator? emulator)
    {
        var resource = (IAzureSpeechResource)provider;

        return emulator is not null ? new Uri(emulator.BaseAddress, Voices)
            : resource.Endpoint is { } domain ? new Uri(domain, "tts/" + Voices)
            : resource.Region is { } region ? new Uri($"https://{region}.tts.speech.{Cloud(region)}/{Voices}")
            : null;
    }
}
