using System.Buffers.Text;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Checks the options that all stores share. Call it from the validator of a custom store.</summary>
public sealed class TokenStoreOptionsValidator : IValidateOptions<TokenStoreOptions>
{
    private const string HowToMakeAKey = "make one with 'openssl rand -base64 32'";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TokenStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        var failures = Failures(options).ToList();

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(TokenStoreOptions options)
    {
        var type = options.GetType().Name;

        if (options.EncryptionKey is { } key)
        {
            if (KeyError(key, HowToMakeAKey) is { } error)
                yield return $"{type}.EncryptionKey {error}.";
        }
        else if (!options.AllowUnencrypted)
        {
            yield return $"{type}.EncryptionKey is not set; {HowToMakeAKey} "
                + "and keep it with your secrets, or set AllowUnencrypted to true to store tokens in the clear.";
        }

        var index = 0;
        foreach (var previous in options.PreviousEncryptionKeys ?? [])
        {
            if (KeyError(previous, "correct or remove it") is { } error)
                yield return $"{type}.PreviousEncryptionKeys[{index}] {error}.";
            index++;
        }
    }

    private static string? KeyError(string? key, string remedy)
    {
        if (string.IsNullOrEmpty(key))
            return $"is empty; {remedy}";
        if (char.IsWhiteSpace(key[0]) || char.IsWhiteSpace(key[^1]))
            return "has white space around it (a line break from a file or a copy?); remove it";

        // Base64.IsValid ignores white space inside, which no key has that was copied whole.
        return !key.Any(char.IsWhiteSpace) && Base64.IsValid(key, out var bytes) && bytes == SealingKey.Length
            ? null
            : $"is not {SealingKey.Length} bytes in base64; {remedy}";
    }
}
