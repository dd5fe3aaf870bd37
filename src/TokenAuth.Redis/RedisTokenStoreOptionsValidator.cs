using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class RedisTokenStoreOptionsValidator : IValidateOptions<RedisTokenStoreOptions>
{
    private const int MaxLength = 100;

    public ValidateOptionsResult Validate(string? name, RedisTokenStoreOptions options)
    {
        var failures = (new TokenStoreOptionsValidator().Validate(name, options).Failures ?? []).ToList();

        if (!IsPrefix(options.KeyPrefix))
            failures.Add(
                $"RedisTokenStoreOptions.KeyPrefix is '{options.KeyPrefix}'; write 1 to {MaxLength} printable ASCII characters "
                    + "without spaces and braces, for example 'tokenauth:'."
            );

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // Braces are how the store keeps the keys of one record in one hash slot.
    private static bool IsPrefix(string? value) =>
        value is { Length: > 0 and <= MaxLength } && value.All(c => c is > ' ' and <= '~' and not '{' and not '}');
}
