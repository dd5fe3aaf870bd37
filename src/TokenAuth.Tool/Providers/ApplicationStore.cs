using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tool;

/// <summary>The store in which the application keeps its grants, as the section or <c>--store</c> says it.</summary>
internal sealed class ApplicationStore : IAsyncDisposable
{
    private readonly ServiceProvider? _services;

    private ApplicationStore(IConfigurationSection? section, ServiceProvider? services, IReadOnlyList<string> errors)
    {
        Section = section;
        _services = services;
        Errors = errors;
        Store = services is null || errors.Count > 0 ? null : services.GetService<ITokenStore>();
    }

    /// <summary>Null where nobody says a store.</summary>
    public IConfigurationSection? Section { get; }

    public ITokenStore? Store { get; }

    public IReadOnlyList<string> Errors { get; }

    public string? Kind => Section?["Kind"];

    public static ApplicationStore Of(ApplicationSettings settings, bool isLeftOut, WarningLog log)
    {
        if (isLeftOut || new ProviderSection(settings.Section).Store is not { } section)
            return new(section: null, services: null, []);

        var services = Container.Of(settings, section, store: null, log);

        return new(section, services, Container.ErrorsOf(services, static made => made.GetService<ITokenStore>()));
    }

    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? default;
}
