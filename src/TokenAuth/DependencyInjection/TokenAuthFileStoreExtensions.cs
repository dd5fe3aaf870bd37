using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the file store.</summary>
public static class TokenAuthFileStoreExtensions
{
    /// <summary>
    /// Keeps the grants of every provider, except those from <c>AddProvider</c>, in files: they survive restarts, and all processes of this
    /// host share them. Without <see cref="TokenStoreOptions.EncryptionKey"/> or <see cref="TokenStoreOptions.AllowUnencrypted"/> the
    /// application does not start.
    /// </summary>
    public static TokenAuthBuilder UseFileStore(
        this TokenAuthBuilder builder,
        Action<FileTokenStoreOptions>? configure = null
    ) => FileStoreKind.Kind.Use(builder, address: "", configure);
}
