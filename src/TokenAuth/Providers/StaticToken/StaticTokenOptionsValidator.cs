using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class StaticTokenOptionsValidator : IValidateOptions<StaticTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, StaticTokenOptions options) =>
        SettingFault.Result(Faults(options));

    public static IEnumerable<string> Faults(StaticTokenOptions options)
    {
        if (
            SettingFault.OfSecret(
                $"{options.SettingPrefix}Token",
                options.Token,
                "give the token that the console issued"
            ) is
            { } fault
        )
            yield return fault;
    }
}
