using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers token providers. Names ignore case; a name registered twice stops the start.</summary>
public static class TokenAuthBuilderExtensions
{
    /// <summary>
    /// Registers a vendor that TokenAuth does not know. The source asks for one token. TokenAuth adds caching, early renewal and back-off, and
    /// uses the container's clock, logs and store.
    /// </summary>
    /// <remarks>
    /// <para>The container makes the source once, when the provider is first used. The provider does not dispose the source.</para>
    /// <para>
    /// Grants are stored under a hash of the source's type and the provider's name. If applications with different client ids
    /// share a store, set <see cref="CachedTokenOptions.StoreKey"/>: <see cref="TokenStoreKey.For"/> makes one of an endpoint and a client id. All
    /// applications of one user share the file store's default directory.
    /// </para>
    /// </remarks>
    /// <param name="configure">Sets options of the grants; <c>ProviderName</c> is the registered name.</param>
    public static TokenAuthBuilder AddTokenSource(
        this TokenAuthBuilder builder,
        string name,
        Func<IServiceProvider, ITokenSource> create,
        Action<CachedTokenOptions>? configure = null
    )
    {
        if (create is null)
            throw new ArgumentNullException(nameof(create));

        return builder.Add(name, () => new TokenProviderRegistration(name, Prepare));

        PreparedProvider Prepare(IServiceProvider services)
        {
            var options = Options();
            var errors = CachedTokenOptionsValidator.Errors(options).ToList();
            if (errors.Count > 0)
                throw new OptionsValidationException(
                    name,
                    typeof(CachedTokenOptions),
                    [.. errors.Select(error => $"Token provider '{name}': {error}")]
                );

            return new(() =>
                ProviderServices
                    .Of(services)
                    .Cache(
                        create(services)
                            ?? throw new InvalidOperationException(
                                $"The factory of token source '{name}' returned null; return a source."
                            ),
                        options
                    )
            );
        }

        CachedTokenOptions Options()
        {
            var options = new CachedTokenOptions();
            configure?.Invoke(options);
            options.ProviderName = name;

            return options;
        }
    }

    /// <summary>
    /// Registers the application's own provider. The container makes it once, when it is first used, and disposes it, perhaps several times.
    /// The provider keeps its tokens itself: a <see cref="CachedTokenProvider"/> that <paramref name="create"/> makes has a store only if it gets
    /// <c>sp.GetService&lt;ITokenStore&gt;()</c>.
    /// </summary>
    public static TokenAuthBuilder AddProvider(
        this TokenAuthBuilder builder,
        string name,
        Func<IServiceProvider, ITokenProvider> create
    )
    {
        if (create is null)
            throw new ArgumentNullException(nameof(create));

        return builder.Add(name, () => new TokenProviderRegistration(name, services => new(() => create(services))));
    }

    /// <summary>
    /// Puts a fake in the place of a registered provider, as a test does after the application's own registration. The container does not make
    /// the replaced provider and does not check its settings, so that the test needs no secret.
    /// </summary>
    /// <remarks>
    /// The hosts and rejection rules of a vendor's provider stay, unless the fake is an <see cref="ITokenAudience"/> that names hosts. The fake
    /// has to name them where nothing else does: in the place of a provider of <see cref="AddProvider"/>, of <c>AddSpeechTokenEndpoint</c> without
    /// <c>Region</c>, and of <c>AddAzureSpeechTenants</c>, whose tenants each have other hosts. Of several fakes for one name the last one counts. A
    /// name that nobody registered stops the start. The caller disposes the fake.
    /// </remarks>
    /// <param name="name">The registered provider's name; case does not matter.</param>
    /// <param name="provider">The fake, for example <c>new StaticTokenProvider("fake")</c>.</param>
    public static TokenAuthBuilder ReplaceProvider(this TokenAuthBuilder builder, string name, ITokenProvider provider)
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("ReplaceProvider needs the name of a registered token provider.", nameof(name));
        if (provider is null)
            throw new ArgumentNullException(nameof(provider));

        builder.Services.AddSingleton(new TokenProviderReplacement(name, provider));

        return builder;
    }

    /// <summary>
    /// Configures the HTTP client that calls the token endpoints: its primary handler, for a proxy or a private certificate
    /// authority. Additional handlers and client settings do not apply to it.
    /// </summary>
    public static TokenAuthBuilder ConfigureTokenClient(
        this TokenAuthBuilder builder,
        Action<IHttpClientBuilder> configure
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (configure is null)
            throw new ArgumentNullException(nameof(configure));

        configure(builder.Services.AddHttpClient(TokenClient.Name));

        return builder;
    }
}
