using System.Buffers.Text;
using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class FileTokenStoreOptionsValidator(string? defaultDirectory) : IValidateOptions<FileTokenStoreOptions>
{
    private const int KeyLength = 44; // 32 bytes in base64

    public FileTokenStoreOptionsValidator()
        : this(StoreDirectory.DefaultPath) { }

    public ValidateOptionsResult Validate(string? name, FileTokenStoreOptions options)
    {
        var failures = (new TokenStoreOptionsValidator().Validate(name, options).Failures ?? []).ToList();

        if (options.Directory is { } directory && string.IsNullOrWhiteSpace(directory))
            failures.Add(
                "FileTokenStoreOptions.Directory is empty; name a directory, or leave it out for the default."
            );
        if (options.Directory is { Length: KeyLength } key && Base64.IsValid(key))
            failures.Add(
                "FileTokenStoreOptions.Directory looks like a key; name a directory, and give the key as EncryptionKey."
            );
        if (options.Directory is null && defaultDirectory is null)
            failures.Add(
                "FileTokenStoreOptions.Directory is not set and this user has no local application data (is HOME set?); "
                    + "name a directory."
            );

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
