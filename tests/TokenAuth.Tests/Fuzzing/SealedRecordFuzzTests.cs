#if !NETSTANDARD_ASSEMBLY
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TokenAuth.Tests.Storage;

namespace TokenAuth.Tests.Fuzzing;

/// <summary>A record comes back whole, or not at all and with one of the two documented exceptions.</summary>
[Trait("Failure", "43")]
public sealed class SealedRecordFuzzTests
{
    private static readonly string[] _contentNames =
    [
        "accessToken",
        "expiresAt",
        "refreshToken",
        "reuseFor",
        "scopes",
        "requestedAt",
        "secretDigest",
    ];

    private readonly TokenRecordSealer _sealer = new(
        new FileTokenStoreOptions
        {
            EncryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            AllowUnencrypted = true,
        }
    );

    private readonly TokenRecordSealer _plain = new(new FileTokenStoreOptions { AllowUnencrypted = true });

    [Fact]
    public void A_record_comes_back_as_it_was_sealed() =>
        Fuzz.Check(
            Records(),
            record =>
            {
                foreach (var sealer in new[] { _sealer, _plain })
                    Assert.Equal(
                        TokenRecordContent.Write(record),
                        TokenRecordContent.Write(sealer.Open(SampleRecord.Key, sealer.Seal(SampleRecord.Key, record)))
                    );
            }
        );

    [Fact]
    public void Changed_bytes_are_refused()
    {
        var sealers = new[] { _sealer, _plain };
        var boxes =
            from record in Records()
            from sealer in Gen.Elements(sealers)
            from bytes in Gen.Constant(sealer.Seal(SampleRecord.Key, record)).Spoilt()
            select (record, bytes);

        Fuzz.Check(
            boxes,
            box =>
            {
                if (Open(box.bytes) is { } opened)
                    Assert.Equal(TokenRecordContent.Write(box.record), TokenRecordContent.Write(opened));
            }
        );
    }

    [Fact]
    public void Any_content_in_a_whole_envelope_is_a_record_or_damaged()
    {
        var records = 0;
        var contents = Gen.OneOf(
            Records().Select(record => TokenRecordContent.Write(record)).Spoilt(),
            GeneratedJson.Object(_contentNames).Select(Encoding.UTF8.GetBytes),
            Spoiling.Bytes()
        );

        Fuzz.Check(
            contents,
            content =>
            {
                if (Open(SealedEnvelope.Write(SealedEnvelope.NotEncrypted, SampleRecord.Key, content)) is not null)
                    records++;
            },
            Spoiling.Shrunk
        );

        Assert.True(records > Fuzz.FewestToCount, $"Only {records} good ones were generated.");
    }

    private TokenRecord? Open(byte[] bytes)
    {
        try
        {
            return _sealer.Open(SampleRecord.Key, bytes);
        }
        catch (Exception exception) when (exception is InvalidDataException or TokenStoreException)
        {
            return null;
        }
    }

    private static Gen<TokenRecord> Records()
    {
        var credential = Gen.Choose('!', '~').Select(c => (char)c).NonEmptyListOf().Select(cs => string.Concat(cs));
        var text = Gen.Choose(0, 0xFFFF).Select(c => (char)c).ArrayOf().Select(cs => new string(cs));
        var time =
            from ticks in Gen.Choose(0, int.MaxValue)
            from hours in Gen.Choose(-14, 14)
            select new DateTimeOffset(ticks * 1_000_000_000L, TimeSpan.FromHours(hours));

        return from access in credential
            from expires in Gen.OneOf(Gen.Constant((DateTimeOffset?)null), time.Select(at => (DateTimeOffset?)at))
            from refresh in Gen.OneOf(Gen.Constant((string?)null), credential.Select(c => (string?)c))
            from reuse in Gen.OneOf(
                Gen.Constant((TimeSpan?)null),
                Gen.Choose(1, int.MaxValue).Select(ticks => (TimeSpan?)TimeSpan.FromTicks(ticks))
            )
            from scopes in text.ListOf()
            from requested in time
            select new TokenRecord(
                new TokenGrant(new AccessToken(access, expires))
                {
                    RefreshToken = refresh,
                    ReuseFor = reuse,
                    Scopes = [.. scopes.Take(3)],
                },
                requested
            );
    }
}
#endif
