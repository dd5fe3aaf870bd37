using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class TokenTenantOptionsValidator : IValidateOptions<TokenTenantOptions>
{
    private static readonly TimeSpan _longestIdle = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, TokenTenantOptions options) =>
        SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(TokenTenantOptions options)
    {
        if (options.Capacity < 1)
            yield return FormattableString.Invariant(
                $"Capacity is {options.Capacity}; write how many tenants may be in memory, one or more."
            );
        if (options.IdleTimeout <= TimeSpan.Zero || options.IdleTimeout > _longestIdle)
            yield return $"IdleTimeout is {options.IdleTimeout:c}; write a time of more than zero, up to 30 days.";
    }
}
