using Azure.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Azure Speech resources that are used with Microsoft Entra's tokens.</summary>
public static class TokenAuthAzureExtensions
{
    /// <summary>
    /// Registers an Azure Speech resource without a key. Its credential is that of <see cref="UseAzureCredential"/>, else the container's
    /// <see cref="TokenCredential"/>. Without either, the application does not start.
    /// </summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static TokenAuthBuilder AddAzureSpeechEntra(
        this TokenAuthBuilder builder,
        string name,
        Action<AzureSpeechEntraOptions> configure
    )
    {
        builder.Add(AzureSpeechEntraKind.Kind, name, configure);

        return builder.WithEntra();
    }

    /// <summary>
    /// Says which credential <see cref="AddAzureSpeechEntra"/> uses, and makes <c>"Provider": "AzureSpeechEntra"</c> known to configuration
    /// sections.
    /// </summary>
    /// <param name="createCredential">
    /// TokenAuth calls it when it makes the first provider, for example <c>services => new DefaultAzureCredential()</c>, and again only after it has
    /// thrown. TokenAuth does not dispose what it returns.
    /// </param>
    public static TokenAuthBuilder UseAzureCredential(
        this TokenAuthBuilder builder,
        Func<IServiceProvider, TokenCredential> createCredential
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (createCredential is null)
            throw new ArgumentNullException(nameof(createCredential));

        builder.Services.RemoveAll<AzureCredential>(); // the last call counts
        builder.Services.AddSingleton(services => new AzureCredential(services, createCredential));

        return builder.WithEntra();
    }

    private static TokenAuthBuilder WithEntra(this TokenAuthBuilder builder)
    {
        AzureSpeechEntraKind.Kind.AddTo(builder.Services);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenAuthStartup>, AzureCredentialValidator>()
        );

        return builder;
    }
}
