using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Every registered provider by its name, made when it is first asked for, disposed with the container.</summary>
internal sealed class TokenProviderRegistry : IDisposable, IAsyncDisposable
{
    private const string HowToRegister =
        "call AddTokenAuth().AddVkCloud, AddAzureSpeech, AddStaticToken, AddTokenSource or AddProvider";

    private readonly IServiceProvider _services;
    private readonly Dictionary<string, TokenProviderRegistration> _registrations = new(
        StringComparer.OrdinalIgnoreCase
    );
    private readonly Dictionary<string, ITokenProvider> _replacements = new(StringComparer.OrdinalIgnoreCase);
    private readonly MadeProviders _made;

    public TokenProviderRegistry(
        IServiceProvider services,
        IEnumerable<TokenProviderRegistration> registrations,
        IEnumerable<ProviderSection> sections,
        IEnumerable<IProviderKind> kinds,
        IEnumerable<TokenProviderReplacement> replacements
    )
    {
        _services = services;
        All = [.. registrations, .. sections.SelectMany(section => section.Registrations(kinds))];
        foreach (var registration in All)
            _registrations[registration.Name] = registration; // a second one of a name stops the start
        foreach (var replacement in replacements)
            _replacements[replacement.Name] = replacement.Provider;
        _made = new MadeProviders(Prepare);
    }

    /// <summary>All registrations, duplicates included.</summary>
    public IReadOnlyList<TokenProviderRegistration> All { get; }

    public IReadOnlyCollection<string> Names => _registrations.Keys;

    /// <summary>Each name, and its provider if it has been used. Makes none.</summary>
    public IEnumerable<KeyValuePair<string, ITokenProvider?>> States() =>
        Names.Select(name => new KeyValuePair<string, ITokenProvider?>(name, _made.Find(name)));

    public bool Has(string name) => _registrations.ContainsKey(name);

    /// <summary>The names of a kind's providers, sorted.</summary>
    public IReadOnlyList<string> NamesOf(IProviderKind kind) => Sorted(All.Where(provider => provider.Kind == kind));

    /// <summary>The reason why the vendor of a provider does not take its credential in a place; null when it may.</summary>
    public string? PlaceErrorOf(string name, CredentialPlace place) =>
        _registrations.TryGetValue(name, out var registration)
            ? (registration.PlaceError ?? registration.Kind?.PlaceError)?.Invoke(place)
            : null;

    /// <inheritdoc cref="PreparedProvider.DoubtOf"/>
    public string? DoubtOf(string name, IReadOnlyCollection<CredentialPlace> places) =>
        _made.FindPrepared(name)?.DoubtOf(places);

    /// <summary>The errors of a provider's settings. Good settings are kept: the first use starts with them.</summary>
    public IEnumerable<string> Errors(TokenProviderRegistration registration)
    {
        try
        {
            _made.Prepare(registration);

            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return wrong.Failures;
        }
    }

    /// <summary>True when every provider makes way for a fake, so that none uses a store.</summary>
    public bool AreAllReplaced => All.Count > 0 && All.All(provider => _replacements.ContainsKey(provider.Name));

    /// <summary>The names that fakes are to stand in for and nobody has registered.</summary>
    public IEnumerable<string> UnknownReplacements => _replacements.Keys.Where(name => !Has(name));

    /// <summary>Says that a name is unknown, and which are known.</summary>
    public string Unknown(string name) =>
        $"No token provider is named '{SecretText.ShownName(name)}'; "
        + (
            _registrations.Count == 0
                ? $"none is registered: {HowToRegister}."
                : $"the registered ones are {Listed(Sorted(_registrations.Values))}."
        );

    /// <exception cref="OptionsValidationException">A setting is wrong: the first use checks what start-up does.</exception>
    /// <exception cref="InvalidOperationException">No provider has this name.</exception>
    public ITokenProvider Get(string name)
    {
        // Many applications have no host whose start would check.
        _ = _services.GetRequiredService<IOptions<TokenAuthStartup>>().Value;

        if (!_registrations.TryGetValue(name, out var registration))
            throw new InvalidOperationException(Unknown(name));
        if (HasTenants(name))
            throw new InvalidOperationException(
                $"Token provider '{registration.Name}' has tenants, and a token of it is always one tenant's: ask "
                    + $"ITokenTenants.GetAsync(\"{registration.Name}\", tenant), or let a request say whose it is with request.SetTokenTenant(tenant)."
            );

        return _made.Get(registration);
    }

    /// <summary>True when a name stands for many credentials. A fake in its place is one for all.</summary>
    public bool HasTenants(string name) =>
        _registrations.TryGetValue(name, out var registration)
        && registration.HasTenants
        && !_replacements.ContainsKey(name);

    /// <summary>True when the tenants of a name have tokens that a browser may be given; null when the name has no tenants.</summary>
    public bool? GrantServiceTokensToTenants(string name) =>
        _registrations.TryGetValue(name, out var registration) && registration.HasTenants
            ? registration.GrantsServiceTokens
            : null;

    /// <summary>Stands for all tenants of a name: its user says whose token is meant.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    /// <exception cref="InvalidOperationException">No provider has this name, or it has no tenants.</exception>
    public ITokenProvider GetWithTenants(string name)
    {
        _ = _services.GetRequiredService<IOptions<TokenAuthStartup>>().Value;

        if (!_registrations.TryGetValue(name, out var registration))
            throw new InvalidOperationException(Unknown(name));
        if (!registration.HasTenants)
            throw new InvalidOperationException(
                $"Token provider '{registration.Name}' has no tenants: it was not registered with AddVkCloudTenants, AddAzureSpeechTenants or "
                    + $"AddTokenSourceTenants. Ask for it by its name, GetRequiredKeyedService<ITokenProvider>(\"{registration.Name}\")."
            );

        return _made.Get(registration);
    }

    /// <summary>Every provider, as they were registered; a name with tenants has none that is nobody's.</summary>
    /// <exception cref="OptionsValidationException">A setting is wrong.</exception>
    public ITokenProvider[] GetAll() =>
        [
            .. All.Select(registration => registration.Name)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(name => !HasTenants(name))
                .Select(Get),
        ];

    /// <summary>The provider that is meant without a name.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one.</exception>
    public ITokenProvider GetOnly()
    {
        var names = Sorted(_registrations.Values.Where(registration => !HasTenants(registration.Name)));
        if (names.Count == 0)
            names = Sorted(_registrations.Values);
        var first = names.Count == 0 ? "" : SecretText.ShownName(names[0]);

        return names.Count switch
        {
            1 => Get(names[0]),
            0 => throw new InvalidOperationException(
                $"ITokenProvider is asked for, and no token provider is registered: {HowToRegister}."
            ),
            _ => throw new InvalidOperationException(
                "ITokenProvider is asked for without a name, and several token providers are registered: "
                    + $"{Listed(names)}. Name one: [FromKeyedServices(\"{first}\")] or "
                    + $"GetRequiredKeyedService<ITokenProvider>(\"{first}\")."
            ),
        };
    }

    public void Dispose() => _made.Dispose();

    public ValueTask DisposeAsync() => _made.DisposeAsync();

    private PreparedProvider Prepare(TokenProviderRegistration registration) =>
        _replacements.TryGetValue(registration.Name, out var fake)
            ? new(() => new ReplacedTokenProvider(fake, AudienceOf(registration)))
            : registration.Prepare(_services);

    private Func<CredentialPlace, ITokenAudience?> AudienceOf(TokenProviderRegistration registration) =>
        registration.Kind?.AudienceOf(_services, registration.Name) ?? (_ => registration.Audience);

    private static List<string> Sorted(IEnumerable<TokenProviderRegistration> registrations) =>
        [.. registrations.Select(provider => provider.Name).OrderBy(name => name, StringComparer.OrdinalIgnoreCase)];

    private static string Listed(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{SecretText.ShownName(name)}'"));
}
