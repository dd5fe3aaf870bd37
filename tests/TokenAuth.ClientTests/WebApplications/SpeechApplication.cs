using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenAuth.ClientTests.WebApplications;

/// <summary>A web application that calls the service with the provider "voice"; its settings have no credential, as in a build.</summary>
internal sealed class SpeechApplication : WebApplicationFactory<SpeechApplication>
{
    protected override IHostBuilder CreateHostBuilder() =>
        new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .ConfigureWebHost(web => web.ConfigureServices(AddServices).Configure(Map));

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseContentRoot(AppContext.BaseDirectory);

    private static void AddServices(WebHostBuilderContext context, IServiceCollection services)
    {
        services.AddRouting();
        services.AddTokenAuth(context.Configuration.GetSection("TokenAuth"));
        services.AddHttpClient("speech").AddBearerToken("voice");
    }

    private static void Map(IApplicationBuilder application) =>
        application.UseRouting().UseEndpoints(routes => routes.MapPost("/say", SayAsync));

    private static async Task<string> SayAsync(HttpRequest request, IHttpClientFactory clients)
    {
        using var speech = clients.CreateClient("speech");
        using var response = await speech.PostAsync(
            request.HttpContext.RequestServices.GetRequiredService<IConfiguration>()["Speech:Address"],
            new StreamContent(request.Body)
        );
        response.EnsureSuccessStatusCode();

        return await response.Content.ReadAsStringAsync();
    }
}
