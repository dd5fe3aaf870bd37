#if !NETSTANDARD_ASSEMBLY
using System.Security.Cryptography;
using System.Text;

namespace TokenAuth.Tests.Storage;

/// <summary>What is said of a damaged record: it reaches the log, and tells a torn file from a foreign one.</summary>
public sealed class SealedEnvelopeTests
{
    private const string TooShort = "The record is too short.";
    private const string Changed = "The record was changed, or moved from another key.";
    private const string Foreign = "The record does not begin as one of TokenAuth does.";

    [Theory, Trait("Failure", "43")]
    [InlineData(0, TooShort)]
    [InlineData(31, TooShort)]
    [InlineData(32, Changed)]
    [InlineData(33, Changed)]
    public void Bytes_that_are_none_of_ours_are_damage(int length, string fault) =>
        Assert.Equal(fault, Fault(new byte[length]));

    [Theory, Trait("Failure", "43")]
    [InlineData("")]
    [InlineData("TokenAuth/1 plain")]
    [InlineData("TokenAuth/1\n")]
    [InlineData("TokenAuth/1 plain more\n")]
    [InlineData("TokenAuth/x plain\n")]
    [InlineData("TokenAuth/ plain\n")]
    [InlineData("AnotherOne/1 plain\n")]
    public void A_whole_record_of_something_else_is_damage(string content) =>
        Assert.Equal(
            Foreign,
            Fault([
                .. Encoding.ASCII.GetBytes(content),
                .. SHA256.HashData(Encoding.ASCII.GetBytes(content + SampleRecord.Key)),
            ])
        );

    // Nonce and tag are 28 bytes: with fewer there is nothing to decrypt.
    [Theory, Trait("Failure", "43")]
    [InlineData(0, TooShort)]
    [InlineData(27, TooShort)]
    [InlineData(28, Changed)]
    [InlineData(100, Changed)]
    public void A_body_that_no_key_sealed_is_damage(int length, string fault)
    {
        var key = Convert.ToBase64String(new byte[SealingKey.Length]);

        Assert.Equal(
            fault,
            Fault(SealedEnvelope.Write(new SealingKey(key).Id, SampleRecord.Key, new byte[length]), key)
        );
    }

    private static string Fault(byte[] content, string? key = null)
    {
        var sealer = new TokenRecordSealer(
            new FileTokenStoreOptions { EncryptionKey = key, AllowUnencrypted = key is null }
        );

        return Assert.Throws<InvalidDataException>(() => sealer.Open(SampleRecord.Key, content)).Message;
    }
}
#endif
