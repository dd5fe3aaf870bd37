using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the file store.</summary>
public static class TokenAuthFileStoreExtensions
{
    /// <summary>
    /// Keeps the grants of every provider, but not of those from <c>AddProvider</c>, in files, over restarts and for all processes of
    /// this host. Without <see cref="TokenStoreOptions.EncryptionKey"/> or <see cref="TokenStoreOptions.AllowUnencrypted"/> the
    /// application does not start.
    /// </summary>
    public static TokenAuthBuilder UseFileStore(
        this TokenAuthBuilder builder,
        Action<FileTokenStoreOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);

        var options = builder.Services.AddOptions<FileTokenStoreOptions>();
        if (configure is not null)
            options.Configure(configure);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<FileTokenStoreOptions>, FileTokenStoreOptionsValidator>()
        );

        return builder.UseStore(provider => new FileTokenStore(
            provider.GetRequiredService<IOptions<FileTokenStoreOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILoggerFactory>()
        ));
    }
}
