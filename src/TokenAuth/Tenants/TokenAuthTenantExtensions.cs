using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers one name for many credentials, one a tenant, which the application resolves when a tenant is first needed.</summary>
/// <remarks>
/// <para>
/// A request says whose token it carries with <see cref="TokenTenantRequestExtensions.SetTokenTenant"/>, or
/// <see cref="TokenHandlerOptions.Tenant"/> does; other code asks <see cref="ITokenTenants"/>.
/// </para>
/// <para>
/// The resolver runs once for all callers who wait, in a new scope, for at most 15 seconds, and again when the tenant has left memory. It returns
/// null if there is no such tenant. TokenAuth does not remember a failure of the resolver.
/// </para>
/// </remarks>
public static class TokenAuthTenantExtensions
{
    /// <summary>Registers the VK Cloud clients of tenants.</summary>
    /// <remarks>Register a token store too: without one, a tenant that left memory spends another of its project's 25 refresh tokens when it comes back.</remarks>
    /// <param name="resolve">Gets the tenant's name, the services of its scope, and a token that is cancelled at the time limit.</param>
    public static TokenAuthBuilder AddVkCloudTenants(
        this TokenAuthBuilder builder,
        string name,
        Func<string, IServiceProvider, CancellationToken, ValueTask<VkCloudOptions?>> resolve,
        Action<TokenTenantOptions>? configure = null
    ) => builder.AddTenants(TenantKinds.VkCloud, name, resolve, configure);

    /// <summary>Registers the Azure Speech resources of tenants.</summary>
    /// <inheritdoc cref="AddVkCloudTenants" path="/param"/>
    public static TokenAuthBuilder AddAzureSpeechTenants(
        this TokenAuthBuilder builder,
        string name,
        Func<string, IServiceProvider, CancellationToken, ValueTask<AzureSpeechOptions?>> resolve,
        Action<TokenTenantOptions>? configure = null
    ) => builder.AddTenants(TenantKinds.AzureSpeech, name, resolve, configure);

    /// <summary>Registers the tenants of a vendor that TokenAuth does not know: a source each.</summary>
    /// <remarks>
    /// The source outlives the scope in which it was resolved, and TokenAuth does not dispose it. A stored grant serves whatever credential the source has
    /// now: after a change of the credential, call <see cref="ITokenTenants.ForgetAsync"/> with <c>removeRecord: true</c>.
    /// </remarks>
    /// <inheritdoc cref="AddVkCloudTenants" path="/param"/>
    public static TokenAuthBuilder AddTokenSourceTenants(
        this TokenAuthBuilder builder,
        string name,
        Func<string, IServiceProvider, CancellationToken, ValueTask<ITokenSource?>> resolve,
        Action<TokenTenantOptions>? configure = null
    )
    {
        if (resolve is null)
            throw new ArgumentNullException(nameof(resolve));

        return builder.Add(name, () => new TokenProviderRegistration(name, Prepare) { HasTenants = true });

        PreparedProvider Prepare(IServiceProvider services) =>
            PrepareTenants(
                services,
                name,
                configure,
                placeError: null,
                async (tenant, scope, end) =>
                    await resolve(tenant, scope, end).ConfigureAwait(false) is { } source
                        ? new CachedTokenProvider(
                            source,
                            new CachedTokenOptions { ProviderName = name, Tenant = tenant },
                            services.GetService<TimeProvider>(),
                            services.GetService<ITokenStore>(),
                            LoggersOf(services, tenant)
                        )
                        : null
            );
    }

    private static TokenAuthBuilder AddTenants<TOptions>(
        this TokenAuthBuilder builder,
        TenantKind<TOptions> kind,
        string name,
        Func<string, IServiceProvider, CancellationToken, ValueTask<TOptions?>> resolve,
        Action<TokenTenantOptions>? configure
    )
        where TOptions : class, new()
    {
        if (resolve is null)
            throw new ArgumentNullException(nameof(resolve));

        return builder.Add(
            name,
            () =>
                new TokenProviderRegistration(name, Prepare)
                {
                    HasTenants = true,
                    GrantsServiceTokens = kind.GrantsServiceTokens,
                    PlaceError = kind.Kind.PlaceError,
                    Audience = kind.Audience,
                }
        );

        PreparedProvider Prepare(IServiceProvider services)
        {
            var create = new Lazy<Func<TOptions, ILoggerFactory?, ITokenProvider>>(() => kind.Creation(services));

            return PrepareTenants(
                services,
                name,
                configure,
                kind.Kind.PlaceError,
                async (tenant, scope, end) =>
                    await resolve(tenant, scope, end).ConfigureAwait(false) is { } options
                        ? create.Value(Checked(kind, name, tenant, options), LoggersOf(services, tenant))
                        : null
            );
        }
    }

    private static TOptions Checked<TOptions>(TenantKind<TOptions> kind, string name, string tenant, TOptions options)
        where TOptions : class, new()
    {
        var own = kind.Copy(options);
        kind.Kind.Identify(own, name, $"Tenant '{TenantName.Shown(tenant)}' of token provider '{name}': ");
        if (kind.Kind.Validator.Validate(name, own) is { Failed: true } wrong)
            throw new OptionsValidationException(name, typeof(TOptions), wrong.Failures);

        kind.Kind.Identify(own, name, ""); // the prefix, which names the tenant, is not kept
        kind.SetTenant(own, tenant);

        return own;
    }

    private static PreparedProvider PrepareTenants(
        IServiceProvider services,
        string name,
        Action<TokenTenantOptions>? configure,
        Func<CredentialPlace, string?>? placeError,
        Func<string, IServiceProvider, CancellationToken, ValueTask<ITokenProvider?>> create
    )
    {
        var options = new TokenTenantOptions();
        configure?.Invoke(options);
        var errors = TokenTenantOptionsValidator
            .Errors(options)
            .Select(error => $"Tenants of token provider '{name}': {error}")
            .ToList();
        if (errors.Count > 0)
            throw new OptionsValidationException(name, typeof(TokenTenantOptions), errors);

        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;

        return new(() =>
            new TenantProviders(
                name,
                new TenantResolver(name, services.GetRequiredService<IServiceScopeFactory>(), create, time),
                options,
                services.GetRequiredService<TenantSweep>(),
                services.GetService<ITokenStore>(),
                time,
                placeError ?? (_ => null)
            )
        );
    }

    private static TenantLoggerFactory? LoggersOf(IServiceProvider services, string tenant) =>
        services.GetService<ILoggerFactory>() is { } loggers ? new TenantLoggerFactory(loggers, tenant) : null;
}
