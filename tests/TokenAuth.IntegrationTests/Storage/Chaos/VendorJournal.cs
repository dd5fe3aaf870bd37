using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TokenAuth.Testing;

namespace TokenAuth.Tests.Storage;

/// <summary>Notes each token call of a vendor that takes a while to answer: who called, with which refresh token, and what was granted.</summary>
internal sealed class VendorJournal(TimeSpan takes)
{
    private readonly ConcurrentQueue<VendorExchange> _exchanges = new();

    public IReadOnlyList<VendorExchange> Exchanges => [.. _exchanges];

    public TokenServiceFault Fault => new(AnswerAsync);

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        var asked = TimeProvider.System.GetUtcNow();
        context.Request.EnableBuffering();
        var presented = await RefreshTokenOfAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        await Task.Delay(takes, context.RequestAborted);

        var connection = context.Response.Body;
        using var response = new MemoryStream();
        context.Response.Body = response;
        await answer(context);
        context.Response.Body = connection;

        response.Position = 0;
        var granted = await RefreshTokenOfAsync(response, CancellationToken.None);
        var process = int.Parse(context.Request.Headers["Worker"].ToString(), CultureInfo.InvariantCulture);
        _exchanges.Enqueue(new(process, asked, TimeProvider.System.GetUtcNow(), presented, granted));
        await connection.WriteAsync(response.ToArray(), context.RequestAborted);
    }

    private static async Task<string?> RefreshTokenOfAsync(Stream body, CancellationToken cancellationToken)
    {
        using var members = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);

        return members.RootElement.TryGetProperty("refresh_token", out var refreshToken)
            ? Fingerprint(refreshToken.GetString()!)
            : null;
    }

    // As the worker makes it.
    private static string Fingerprint(string token) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..12];
}
