namespace TokenAuth;

/// <summary>A provider as it was registered: one a name and a container.</summary>
/// <param name="Name">Compared without regard to case: environment variables often arrive in upper case.</param>
/// <param name="Prepare">
/// Reads and checks the settings, and returns what makes the provider with them. Makes none itself; throws an
/// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> when a setting is wrong.
/// </param>
internal sealed record TokenProviderRegistration(string Name, Func<IServiceProvider, Func<ITokenProvider>> Prepare)
{
    /// <summary>The path of the configuration section it stands in; null when code registered it.</summary>
    public string? Section { get; init; }
}
