using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>Puts a provider into a container; behind each public method that adds one.</summary>
internal static class TokenProviderRegistrationExtensions
{
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static TokenAuthBuilder Add(
        this TokenAuthBuilder builder,
        string name,
        Func<TokenProviderRegistration> register
    )
    {
        if (builder is null)
            throw new ArgumentNullException(nameof(builder));
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("A token provider needs a name, for example 'voice'.", nameof(name));

        builder.Services.AddSingleton(register());

        return builder;
    }

    /// <summary>Adds one of a kind, whose options code says.</summary>
    public static TokenAuthBuilder Add<TOptions>(
        this TokenAuthBuilder builder,
        ProviderKind<TOptions> kind,
        string name,
        Action<TOptions> configure
    )
        where TOptions : class, new()
    {
        if (configure is null)
            throw new ArgumentNullException(nameof(configure));

        builder.Add(name, () => kind.Register(name));
        kind.AddTo(builder.Services);
        builder
            .Services.AddOptions<TOptions>(name)
            .Configure(configure)
            .PostConfigure(options => kind.Identify(options, name, PathOf(name)));

        return builder;
    }

    /// <summary>The prefix that messages write before a setting of a provider that code registered: the path it would have in a section.</summary>
    public static string PathOf(string name) => $"TokenAuth:{name}:";
}
