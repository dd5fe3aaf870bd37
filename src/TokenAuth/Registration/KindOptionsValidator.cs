using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Checks the options of a kind, and tells those who ask for them without a name that each provider has its own.</summary>
internal sealed class KindOptionsValidator<TOptions>(ProviderKind<TOptions> kind, IServiceProvider services)
    : IValidateOptions<TOptions>
    where TOptions : class, new()
{
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        name is "" && !kind.IsConfiguredWithoutName(services)
            ? ValidateOptionsResult.Fail(AskedWithoutName())
            : kind.Validator.Validate(name, options);

    private string AskedWithoutName()
    {
        var type = typeof(TOptions).Name;
        var names = services.GetRequiredService<TokenProviderRegistry>().NamesOf(kind);

        return $"{type} is asked for without a name, and the options of a token provider have its name: ask IOptionsMonitor<{type}> for "
            + (
                names.Count == 0
                    ? "Get(name); no provider of this kind is registered."
                    : $"{string.Join(" or ", names.Select(name => $"Get(\"{name}\")"))}."
            );
    }
}
