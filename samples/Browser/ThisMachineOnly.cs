using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Browser;

/// <summary>
/// With --live anybody who reaches the page may sign in and speak on your bill: it serves this machine alone, and no foreign name that
/// somebody lets point to it.
/// </summary>
public static class ThisMachineOnly
{
    private const string Names = "localhost;127.0.0.1;[::1]";

    /// <returns>The error, if an address is open to other machines.</returns>
    public static string? Require(WebApplicationBuilder builder)
    {
        builder.Configuration["AllowedHosts"] = Names;
        var open = (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(address => !IsHere(address));

        return open is null
            ? null
            : $"With --live anybody who reaches the page may sign in, and '{open}' is open to other machines. Write --urls http://127.0.0.1:5090, or put your own sign-in into "
                + "SpeechPage.cs first.";
    }

    /// <summary>Whatever settings make the server listen elsewhere: nobody else is served.</summary>
    public static void Use(WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address))
                    return next(context);

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }
        );

    private static bool IsHere(string address) =>
        BindingAddress.Parse(address).Host is var host
        && (
            string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))
        );
}
