using System.Buffers.Text;
using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class RedisTokenStoreOptionsValidator : IValidateOptions<RedisTokenStoreOptions>
{
    private const int MaxLength = 100;
    private const int EncryptionKeyLength = 32;

    public ValidateOptionsResult Validate(string? name, RedisTokenStoreOptions options)
    {
        var failures = (new TokenStoreOptionsValidator().Validate(name, options).Failures ?? []).ToList();

        var prefix = options.KeyPrefix ?? "";
        if (!IsPrefix(prefix))
            failures.Add(
                $"RedisTokenStoreOptions.KeyPrefix {SecretText.Described(prefix)}; write 1 to {MaxLength} printable ASCII characters "
                    + "without spaces and braces, for example 'tokenauth:'."
            );
        else if (MayBeSecret(prefix))
            failures.Add(
                "RedisTokenStoreOptions.KeyPrefix looks like a key, a token or a connection string; write a word, for example 'tokenauth:'."
            );

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool MayBeSecret(string prefix) =>
        SecretText.Words(prefix).Any(SecretText.IsKey)
        || Base64.IsValid(prefix, out var bytes) && bytes == EncryptionKeyLength
        || prefix.Contains("password=", StringComparison.OrdinalIgnoreCase)
        || prefix.Contains("://", StringComparison.Ordinal);

    // Braces are how the store keeps the keys of one record in one hash slot.
    private static bool IsPrefix(string value) =>
        value.Length is > 0 and <= MaxLength && value.All(c => c is > ' ' and <= '~' and not '{' and not '}');
}
