using Azure.Core;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>The credential that <c>UseAzureCredential</c> named, made once and disposed by nobody: the application's factory owns it.</summary>
internal sealed class AzureCredential(IServiceProvider services, Func<IServiceProvider, TokenCredential> create)
{
    private readonly Lazy<TokenCredential> _credential = new(() =>
        create(services)
        ?? throw new InvalidOperationException("The factory of UseAzureCredential returned no credential.")
    );

    /// <summary>That credential, else the container's <see cref="TokenCredential"/>; null when there is neither.</summary>
    public static TokenCredential? From(IServiceProvider services) =>
        services.GetService<AzureCredential>()?._credential.Value ?? services.GetService<TokenCredential>();

    public static string Missing(string providerName) =>
        $"Provider '{providerName}' has no Azure credential: call .UseAzureCredential(services => new DefaultAzureCredential()) on AddTokenAuth(), or register a "
        + "TokenCredential.";
}
