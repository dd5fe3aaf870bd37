using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class StaticTokenOptionsValidator : IValidateOptions<StaticTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, StaticTokenOptions options) =>
        SettingError.Result(Errors(options));

    public static IEnumerable<string> Errors(StaticTokenOptions options)
    {
        if (
            SettingError.OfSecret(
                $"{options.SettingPrefix}Token",
                options.Token,
                "give the token that the console issued"
            ) is
            { } error
        )
            yield return error;
    }
}
