using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class PostgresTokenStoreOptionsValidator : IValidateOptions<PostgresTokenStoreOptions>
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    public ValidateOptionsResult Validate(string? name, PostgresTokenStoreOptions options)
    {
        var failures = (new TokenStoreOptionsValidator().Validate(name, options).Failures ?? []).ToList();

        if (options.Schema is { } schema && !IsIdentifier(schema))
            failures.Add(NotAnIdentifier(nameof(options.Schema), schema));
        if (!IsIdentifier(options.Table))
            failures.Add(NotAnIdentifier(nameof(options.Table), options.Table));
        if (options.TableOwner is { } owner && string.IsNullOrWhiteSpace(owner))
            failures.Add("PostgresTokenStoreOptions.TableOwner is empty; name a role, or leave it out.");
        if (options.Timeout < _shortest || options.Timeout > _longest)
            failures.Add(
                $"PostgresTokenStoreOptions.Timeout is {options.Timeout:c}; set it between {_shortest:c} and {_longest:c}."
            );

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string NotAnIdentifier(string property, string? value) =>
        $"PostgresTokenStoreOptions.{property} {SecretText.Described(value ?? "")}; write 1 to 63 lower-case letters, digits and '_', "
        + "not beginning with a digit.";

    private static bool IsIdentifier(string? value) =>
        value is { Length: > 0 and <= 63 }
        && !char.IsAsciiDigit(value[0])
        && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
