#if !NETSTANDARD_ASSEMBLY
using System.Text.Json;

namespace TokenAuth.Tests.Storage;

public sealed class TokenStoreOptionsTests
{
    private static readonly string _key = Convert.ToBase64String(new byte[32]);

    public static TheoryData<string?, string?, string> WrongOptions =>
        new()
        {
            {
                null,
                null,
                "FileTokenStoreOptions.EncryptionKey is not set; make one with 'openssl rand -base64 32' and keep it with your "
                    + "secrets, or set AllowUnencrypted to true to store tokens in the clear."
            },
            { "", null, "FileTokenStoreOptions.EncryptionKey is empty; make one with 'openssl rand -base64 32'." },
            {
                _key + "\n",
                null,
                "FileTokenStoreOptions.EncryptionKey has white space around it (a line break from a file or a copy?); "
                    + "remove it."
            },
            {
                "not base64",
                null,
                "FileTokenStoreOptions.EncryptionKey is not 32 bytes in base64; make one with 'openssl rand -base64 32'."
            },
            {
                _key.Insert(20, " "),
                null,
                "FileTokenStoreOptions.EncryptionKey is not 32 bytes in base64; make one with 'openssl rand -base64 32'."
            },
            {
                Convert.ToBase64String(new byte[31]),
                null,
                "FileTokenStoreOptions.EncryptionKey is not 32 bytes in base64; make one with 'openssl rand -base64 32'."
            },
            {
                Convert.ToBase64String(new byte[33]),
                null,
                "FileTokenStoreOptions.EncryptionKey is not 32 bytes in base64; make one with 'openssl rand -base64 32'."
            },
            {
                _key,
                "abc",
                "FileTokenStoreOptions.PreviousEncryptionKeys[1] is not 32 bytes in base64; correct or remove it."
            },
        };

    [Theory, MemberData(nameof(WrongOptions)), Trait("Failure", "37")]
    public void A_wrong_key_is_refused_and_the_message_says_what_to_do(string? key, string? previous, string expected)
    {
        var options = new FileTokenStoreOptions { Directory = "/store", EncryptionKey = key };
        if (previous is not null)
            options.PreviousEncryptionKeys = [_key, previous];

        var validated = new FileTokenStoreOptionsValidator().Validate(null, options);
        var constructed = Assert.Throws<ArgumentException>(() => new FileTokenStore(options));
        var sealer = Assert.Throws<ArgumentException>(() => new TokenRecordSealer(options));

        Assert.Equal([expected], validated.Failures!);
        Assert.Equal($"{expected} (Parameter 'options')", constructed.Message);
        Assert.Equal($"{expected} (Parameter 'options')", sealer.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_directory_is_refused(string directory)
    {
        var options = new FileTokenStoreOptions { Directory = directory, EncryptionKey = _key };

        var result = new FileTokenStoreOptionsValidator().Validate(null, options);

        Assert.Equal(
            ["FileTokenStoreOptions.Directory is empty; name a directory, or leave it out for the default."],
            result.Failures!
        );
        Assert.Throws<ArgumentException>("options", () => new FileTokenStore(options));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "/home/somebody/.local/share/TokenAuth", true)]
    [InlineData("/store", null, true)]
    public void Without_a_home_a_directory_must_be_named(string? directory, string? defaultDirectory, bool valid)
    {
        var options = new FileTokenStoreOptions { Directory = directory, EncryptionKey = _key };

        var result = new FileTokenStoreOptionsValidator(defaultDirectory).Validate(null, options);

        Assert.Equal(
            valid
                ? []
                :
                [
                    "FileTokenStoreOptions.Directory is not set and this user has no local application data (is HOME set?); name a "
                        + "directory.",
                ],
            result.Failures ?? []
        );
    }

    [Fact]
    public void No_options_are_refused_as_such()
    {
        Assert.Throws<ArgumentNullException>("options", () => new TokenStoreOptionsValidator().Validate(null, null!));
        Assert.Throws<ArgumentNullException>("options", () => new TokenRecordSealer(null!));
        Assert.Throws<ArgumentNullException>("options", () => new FileTokenStore(null!));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_key_or_an_explicit_allowance_is_enough(bool withKey, bool allowUnencrypted)
    {
        var options = new FileTokenStoreOptions
        {
            Directory = "/store",
            EncryptionKey = withKey ? _key : null,
            AllowUnencrypted = allowUnencrypted,
        };

        Assert.True(new FileTokenStoreOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void No_list_of_previous_keys_is_an_empty_one()
    {
        var options = new FileTokenStoreOptions { EncryptionKey = _key, PreviousEncryptionKeys = null! };

        Assert.True(new FileTokenStoreOptionsValidator().Validate(null, options).Succeeded);
        var sealer = new TokenRecordSealer(options);
        Assert.NotNull(sealer.Open(SampleRecord.Key, sealer.Seal(SampleRecord.Key, SampleRecord.Create())));
    }

    [Fact]
    public void Options_serialize_without_their_keys()
    {
        var options = new FileTokenStoreOptions { EncryptionKey = _key, PreviousEncryptionKeys = [_key] };

        var json = JsonSerializer.Serialize(options);

        Assert.Equal("""{"Directory":null,"AllowUnencrypted":false}""", json);
    }
}
#endif
