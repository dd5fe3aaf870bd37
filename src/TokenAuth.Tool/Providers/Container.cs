using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth.Tool;

/// <summary>
/// Registers a part of the application's section as the application does, so that one wrong provider is no obstacle to the others.
/// </summary>
internal static class Container
{
    private static readonly string[] _kindsWithoutEntra =
    [
        "VkCloud",
        "AzureSpeech",
        "StaticToken",
        "SpeechTokenEndpoint",
    ];

    /// <param name="part">A child of the application's section: a provider or the store.</param>
    /// <param name="store">What keeps the grants; null for none, or where the part is the store itself.</param>
    public static ServiceProvider Of(
        ApplicationSettings settings,
        IConfigurationSection part,
        ITokenStore? store,
        WarningLog log
    )
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log).AddFilter("System.Net.Http.HttpClient", LogLevel.None));
        if (store is not null)
            services.AddSingleton(store); // an instance is not the container's to dispose

        var builder = services.AddTokenAuth(Only(part, settings.Project).GetSection(settings.Section.Path));
        if (part["Provider"] is { Length: > 0 } kind && !Is(kind, _kindsWithoutEntra))
            AddEntra(builder);
        if (Is(part["Kind"], "Postgres"))
            AddPostgres(builder);
        if (Is(part["Kind"], "Redis"))
            AddRedis(builder);

        return services.BuildServiceProvider();
    }

    /// <summary>The errors that would stop the application's start, one sentence each.</summary>
    /// <param name="make">Makes what the start makes once the settings are good.</param>
    public static IReadOnlyList<string> ErrorsOf(IServiceProvider services, Action<IServiceProvider> make)
    {
        try
        {
            _ = services.GetRequiredService<IOptions<TokenAuthStartup>>().Value;
            make(services);

            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures.Select(failure => failure.Trim())];
        }
        // A store's client throws in its own words when it cannot read a connection string.
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            var parameter = $" (Parameter '{(exception as ArgumentException)?.ParamName}')";
            var message = exception.Message.Replace(parameter, "", StringComparison.Ordinal);

            return [SecretText.IsLikely(message) ? exception.GetType().Name : message];
        }
    }

    /// <summary>The reason why DefaultAzureCredential gave no token; null when it did, or was not asked.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string? CredentialErrorOf(IServiceProvider services) =>
        services.GetService<RecordedCredential>()?.Error;

    private static IConfigurationRoot Only(IConfigurationSection part, ProjectFolder project) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(part.AsEnumerable().Select(setting => FromProject(setting, part, project)))
            .Build();

    // The application runs in its own folder, and this command perhaps elsewhere: another directory would be another store.
    private static KeyValuePair<string, string?> FromProject(
        KeyValuePair<string, string?> setting,
        IConfigurationSection part,
        ProjectFolder project
    ) =>
        setting.Value is { Length: > 0 } directory
        && string.Equals(setting.Key, $"{part.Path}:Directory", StringComparison.OrdinalIgnoreCase)
            ? new(setting.Key, Path.GetFullPath(directory, project.Path))
            : setting;

    // Each brings an assembly that the others' start should not wait for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddEntra(TokenAuthBuilder builder)
    {
        builder.Services.AddSingleton<RecordedCredential>();
        builder.UseAzureCredential(static services => services.GetRequiredService<RecordedCredential>());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddPostgres(TokenAuthBuilder builder) => builder.UsePostgresStore();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddRedis(TokenAuthBuilder builder) => builder.UseRedisStore();

    private static bool Is(string? text, params string[] names) =>
        text is not null && names.Contains(text, StringComparer.OrdinalIgnoreCase);
}
