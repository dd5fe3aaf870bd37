using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tool;

/// <summary>One provider of the application, in a container of its own.</summary>
internal sealed class ProviderScope : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ProviderScope(IConfigurationSection part, ApplicationSettings settings, ITokenStore? store, WarningLog log)
    {
        Section = part;
        _services = Container.Of(settings, part, store, log);
        Errors = Container.ErrorsOf(_services, made => made.GetRequiredKeyedService<ITokenProvider>(part.Key));
        Provider = Errors.Count > 0 ? null : _services.GetRequiredKeyedService<ITokenProvider>(part.Key);
    }

    public string Name => Section.Key;

    public string Kind => SecretText.Shown(Section["Provider"] ?? "");

    public IConfigurationSection Section { get; }

    /// <summary>The errors that would stop the application's start.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>Null where a setting is wrong.</summary>
    public ITokenProvider? Provider { get; }

    /// <summary>Null for a provider that fetches nothing.</summary>
    public CachedTokenProvider? Engine => (Provider as IRenewingProvider)?.Engine;

    /// <summary>True when a first grant takes one of the project's 25 refresh tokens.</summary>
    public bool IsVkCloud => string.Equals(Kind, "VkCloud", StringComparison.OrdinalIgnoreCase);

    /// <summary>The reason why the person's sign-in with Microsoft Entra gave no token; null when it did, or is not used.</summary>
    public string? CredentialError =>
        string.Equals(Kind, "AzureSpeechEntra", StringComparison.OrdinalIgnoreCase)
            ? Container.CredentialErrorOf(_services)
            : null;

    /// <summary>True when the provider asks over the application's own signed-in client, which no other process has.</summary>
    public bool NeedsApplicationsClient =>
        string.Equals(Kind, "SpeechTokenEndpoint", StringComparison.OrdinalIgnoreCase)
        && !string.IsNullOrEmpty(Section["HttpClientName"]);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
