using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs every check of the start, and gives each of several errors a line: the platform's own factory puts them into one.</summary>
internal sealed class TokenAuthStartupFactory(
    IEnumerable<IValidateOptions<TokenAuthStartup>> checks,
    StartWarnings warnings
) : IOptionsFactory<TokenAuthStartup>
{
    /// <exception cref="OptionsValidationException">Something is wrong.</exception>
    public TokenAuthStartup Create(string name)
    {
        var startup = new TokenAuthStartup();

        var errors = checks.SelectMany(check => check.Validate(name, startup).Failures ?? []).ToList();

        if (errors.Count > 0)
            throw new OptionsValidationException(name, typeof(TokenAuthStartup), OneALine(errors));

        warnings.Tell();

        return startup;
    }

    // The exception's message joins them.
    private static IEnumerable<string> OneALine(List<string> errors) =>
        errors.Count == 1 ? errors : errors.Select(error => Environment.NewLine + error);
}
