using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>A kind of provider whose tenants' options the application resolves.</summary>
internal sealed class TenantKind<TOptions>
    where TOptions : class, new()
{
    public required ProviderKind<TOptions> Kind { get; init; }

    /// <summary>Copies the options: the application may return one object for many tenants.</summary>
    public required Func<TOptions, TOptions> Copy { get; init; }

    /// <summary>Says of the options whose they are.</summary>
    public required Action<TOptions, string> SetTenant { get; init; }

    public required Func<IServiceProvider, Func<TOptions, ILoggerFactory?, ITokenProvider>> Creation { get; init; }

    /// <summary>The services of a fake in their place.</summary>
    public ITokenAudience? Audience { get; init; }

    public bool GrantsServiceTokens { get; init; }
}
