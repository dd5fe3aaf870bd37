using Azure.Core;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>The credential that <c>UseAzureCredential</c> named, made once and not disposed: the application's factory owns it.</summary>
internal sealed class AzureCredential(IServiceProvider services, Func<IServiceProvider, TokenCredential> create)
{
    private Lazy<TokenCredential> _credential = Once(services, create); // through Interlocked

    /// <summary>The credential of <c>UseAzureCredential</c>, else the container's <see cref="TokenCredential"/>; null when there is neither.</summary>
    public static TokenCredential? From(IServiceProvider services) =>
        services.GetService<AzureCredential>()?.Get() ?? services.GetService<TokenCredential>();

    public static string Missing(string providerName) =>
        $"Provider '{providerName}' has no Azure credential: call .UseAzureCredential(services => new DefaultAzureCredential()) on AddTokenAuth(), or register a "
        + "TokenCredential.";

    private TokenCredential Get()
    {
        var credential = Volatile.Read(ref _credential);
        try
        {
            return credential.Value;
        }
        catch
        {
            // It keeps the exception; the next caller is to try again.
            Interlocked.CompareExchange(ref _credential, Once(services, create), credential);
            throw;
        }
    }

    private static Lazy<TokenCredential> Once(
        IServiceProvider services,
        Func<IServiceProvider, TokenCredential> create
    ) =>
        new(() =>
            create(services)
            ?? throw new InvalidOperationException("The factory of UseAzureCredential returned no credential.")
        );
}
