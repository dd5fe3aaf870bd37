namespace TokenAuth;

/// <summary>A provider as it was registered: one a name and a container.</summary>
/// <param name="Name">Compared without regard to case: environment variables often arrive in upper case.</param>
/// <param name="Prepare">
/// Reads and checks the settings. Makes no provider; throws an
/// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> when a setting is wrong.
/// </param>
internal sealed record TokenProviderRegistration(string Name, Func<IServiceProvider, PreparedProvider> Prepare)
{
    /// <summary>Null for one that the application makes, and for a vendor of the application's.</summary>
    public IProviderKind? Kind { get; init; }

    /// <summary>True when the name stands for many credentials, so that nobody can be handed a token of it without saying whose.</summary>
    public bool HasTenants { get; init; }

    /// <summary>True when its tenants' tokens are those of Azure Speech that a browser may have.</summary>
    public bool GrantsServiceTokens { get; init; }

    /// <summary>The services of all its tenants' tokens; null where each tenant has its own.</summary>
    public ITokenAudience? Audience { get; init; }

    /// <summary>Says why the vendor does not take the credential in a place; null when it may.</summary>
    public Func<CredentialPlace, string?>? PlaceError { get; init; }

    /// <summary>The path of the configuration section it stands in; null when code registered it.</summary>
    public string? Section { get; init; }
}
