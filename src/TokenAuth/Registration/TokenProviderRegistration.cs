namespace TokenAuth;

/// <summary>A provider as it was registered: one a name and a container.</summary>
/// <param name="Name">Compared without regard to case: environment variables often arrive in upper case.</param>
/// <param name="Faults">What is wrong with its settings, one sentence each.</param>
/// <param name="Create">Makes it; called once.</param>
internal sealed record TokenProviderRegistration(
    string Name,
    Func<IServiceProvider, IEnumerable<string>> Faults,
    Func<IServiceProvider, ITokenProvider> Create
)
{
    /// <summary>The path of the configuration section it stands in; null when code registered it.</summary>
    public string? Section { get; init; }

    /// <summary>Whether it follows the changes of its settings.</summary>
    public bool IsReloading { get; init; }
}
