#if !NETSTANDARD_ASSEMBLY
using System.Security.Cryptography;
using System.Text;

namespace TokenAuth.Tests.Storage;

public sealed class TokenRecordSealerTests
{
    private readonly string _key = NewKey();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_comes_back_as_it_was_sealed(bool encrypted)
    {
        var sealer = encrypted ? Sealer(_key) : Unencrypted();

        var opened = sealer.Open(SampleRecord.Key, sealer.Seal(SampleRecord.Key, SampleRecord.Create()));

        Assert.Equal("access-1", opened.Grant.AccessToken.Value);
        Assert.Equal(SampleRecord.RequestedAt.AddHours(1), opened.Grant.AccessToken.ExpiresAt);
        Assert.Equal("refresh-1", opened.Grant.RefreshToken);
        Assert.Equal(TimeSpan.FromMinutes(50), opened.Grant.ReuseFor);
        Assert.Equal(["tts", "asr_short"], opened.Grant.Scopes);
        Assert.Equal(SampleRecord.RequestedAt, opened.RequestedAt);
        Assert.Equal("digest-1", opened.SecretDigest);
    }

    [Theory, Trait("Failure", "82")]
    [InlineData(true)]
    [InlineData(false)]
    public void One_grant_is_never_the_same_bytes_twice(bool isEncrypted)
    {
        var sealer = new TokenRecordSealer(
            isEncrypted
                ? new FileTokenStoreOptions { EncryptionKey = StoreRecords.NewEncryptionKey() }
                : new FileTokenStoreOptions { AllowUnencrypted = true }
        );
        var record = StoreRecords.Create("one");

        var first = sealer.Seal(StoreRecords.Key, record);
        var second = sealer.Seal(StoreRecords.Key, record);

        Assert.NotEqual(first, second);
        Assert.Equal("one", sealer.Open(StoreRecords.Key, second).Grant.AccessToken.Value);
    }

    [Fact]
    public void What_a_vendor_left_out_stays_left_out()
    {
        var sealer = Sealer(_key);
        var record = new TokenRecord(new TokenGrant(new AccessToken("access")), SampleRecord.RequestedAt);

        var opened = sealer.Open(SampleRecord.Key, sealer.Seal(SampleRecord.Key, record));

        Assert.Null(opened.Grant.AccessToken.ExpiresAt);
        Assert.Null(opened.Grant.RefreshToken);
        Assert.Null(opened.Grant.ReuseFor);
        Assert.Empty(opened.Grant.Scopes);
        Assert.Null(opened.SecretDigest);
    }

    [Fact]
    public void Nothing_of_the_record_can_be_read_without_the_key()
    {
        var content = Sealer(_key).Seal(SampleRecord.Key, SampleRecord.Create());

        var text = Encoding.Latin1.GetString(content);
        Assert.DoesNotContain("access-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tts", text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_record_sealed_twice_looks_different()
    {
        var sealer = Sealer(_key);

        Assert.NotEqual(
            sealer.Seal(SampleRecord.Key, SampleRecord.Create()),
            sealer.Seal(SampleRecord.Key, SampleRecord.Create())
        );
    }

    [Theory, Trait("Failure", "43")]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_flip_of_one_bit_is_damage(bool encrypted)
    {
        var sealer = encrypted ? Sealer(_key) : Unencrypted();
        var content = sealer.Seal(SampleRecord.Key, SampleRecord.Create());

        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => sealer.Open(SampleRecord.Key, content));
            content[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.NotNull(sealer.Open(SampleRecord.Key, content));
    }

    [Fact, Trait("Failure", "43")]
    public void Every_flip_under_a_corrected_checksum_is_damage_too()
    {
        var sealer = Sealer(_key);
        var envelope = SealedEnvelope.Read(sealer.Seal(SampleRecord.Key, SampleRecord.Create()), SampleRecord.Key);
        var (keyId, body) = (envelope.KeyId, envelope.Body.ToArray());

        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            var forged = SealedEnvelope.Write(keyId, SampleRecord.Key, body);
            Assert.Throws<InvalidDataException>(() => sealer.Open(SampleRecord.Key, forged));
            body[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact, Trait("Failure", "43")]
    public void Every_cut_is_damage()
    {
        var sealer = Sealer(_key);
        var content = sealer.Seal(SampleRecord.Key, SampleRecord.Create());

        for (var length = 0; length < content.Length; length++)
            Assert.Throws<InvalidDataException>(() => sealer.Open(SampleRecord.Key, content.AsSpan(0, length)));
    }

    [Theory, Trait("Failure", "43")]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_moved_to_another_key_is_damage(bool encrypted)
    {
        var sealer = encrypted ? Sealer(_key) : Unencrypted();
        var content = sealer.Seal(SampleRecord.Key, SampleRecord.Create());

        Assert.Throws<InvalidDataException>(() => sealer.Open("another", content));
    }

    [Fact, Trait("Failure", "43")]
    public void A_moved_record_with_a_corrected_checksum_is_damage_too()
    {
        var sealer = Sealer(_key);
        var envelope = SealedEnvelope.Read(sealer.Seal(SampleRecord.Key, SampleRecord.Create()), SampleRecord.Key);
        var moved = SealedEnvelope.Write(envelope.KeyId, "another", envelope.Body);

        Assert.Throws<InvalidDataException>(() => sealer.Open("another", moved));
    }

    [Theory]
    [InlineData("""{"requestedAt":"2026-03-01T12:00:00Z"}""", "The record's content cannot be read (JsonException).")]
    [InlineData(
        """{"accessToken":"a b","requestedAt":"2026-03-01T12:00:00Z"}""",
        "The record's content cannot be read (ArgumentException)."
    )]
    [InlineData("""{"accessToken":"a"}""", "The record's content cannot be read (JsonException).")]
    [InlineData("null", "The record is empty.")]
    [InlineData("[]", "The record's content cannot be read (JsonException).")]
    [InlineData("", "The record's content cannot be read (JsonException).")]
    public void Content_that_is_no_record_is_damage_and_not_quoted(string json, string fault)
    {
        var content = Envelope(json);

        var error = Assert.Throws<InvalidDataException>(() => Unencrypted().Open(SampleRecord.Key, content));

        Assert.Equal(fault, error.Message);
        Assert.DoesNotContain("a b", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_a_later_version_are_ignored()
    {
        var content = Envelope(
            """{"accessToken":"a","requestedAt":"2026-03-01T12:00:00Z","somethingNew":{"deep":[1,2]}}"""
        );

        var record = Unencrypted().Open(SampleRecord.Key, content);

        Assert.Equal("a", record.Grant.AccessToken.Value);
        Assert.Empty(record.Grant.Scopes);
    }

    [Fact]
    public void A_place_that_is_none_is_refused()
    {
        var sealer = Sealer(_key);
        var content = sealer.Seal(SampleRecord.Key, SampleRecord.Create());

        Assert.Throws<ArgumentException>("key", () => sealer.Seal("../outside", SampleRecord.Create()));
        Assert.Throws<ArgumentException>("key", () => sealer.Open("../outside", content));
        Assert.Throws<ArgumentNullException>("key", () => sealer.Open(null!, content));
        Assert.Throws<ArgumentNullException>("record", () => sealer.Seal(SampleRecord.Key, null!));
    }

    [Fact, Trait("Failure", "47")]
    public void A_newer_format_is_no_damage()
    {
        var content = SealedEnvelope.Write("0011223344556677", SampleRecord.Key, "future"u8, format: 2);

        var error = Assert.Throws<TokenStoreException>(() => Sealer(_key).Open(SampleRecord.Key, content));

        Assert.Equal(
            "The record 0123456789abcdef has format 2 and this version of TokenAuth reads format 1; it stays as it is. "
                + "Update TokenAuth, or delete the record.",
            error.Message
        );
    }

    [Fact, Trait("Failure", "47")]
    public void A_key_that_is_not_configured_is_no_damage()
    {
        var content = Sealer(_key).Seal(SampleRecord.Key, SampleRecord.Create());
        var keyId = SealedEnvelope.Read(content, SampleRecord.Key).KeyId;

        var error = Assert.Throws<TokenStoreException>(() => Sealer(NewKey()).Open(SampleRecord.Key, content));

        Assert.Equal(
            $"The record 0123456789abcdef is sealed with the encryption key {keyId}, which is not configured; "
                + "it stays as it is. Configure that key as EncryptionKey or in PreviousEncryptionKeys, or delete the record.",
            error.Message
        );
    }

    [Fact, Trait("Failure", "47")]
    public void A_previous_key_opens_and_does_not_seal()
    {
        var content = Sealer(_key).Seal(SampleRecord.Key, SampleRecord.Create());
        var newKey = NewKey();
        var rotated = Sealer(newKey, _key);

        var opened = rotated.Open(SampleRecord.Key, content);
        var again = rotated.Seal(SampleRecord.Key, opened);

        Assert.Equal("access-1", Sealer(newKey).Open(SampleRecord.Key, again).Grant.AccessToken.Value);
        Assert.Throws<TokenStoreException>(() => Sealer(_key).Open(SampleRecord.Key, again));
    }

    [Fact, Trait("Failure", "47")]
    public void With_a_key_an_unencrypted_record_opens_only_where_that_is_allowed()
    {
        var content = Unencrypted().Seal(SampleRecord.Key, SampleRecord.Create());
        var migrating = new TokenRecordSealer(
            new FileTokenStoreOptions { EncryptionKey = _key, AllowUnencrypted = true }
        );

        var error = Assert.Throws<TokenStoreException>(() => Sealer(_key).Open(SampleRecord.Key, content));
        var sealedAgain = migrating.Seal(SampleRecord.Key, migrating.Open(SampleRecord.Key, content));

        Assert.Equal(
            "The record 0123456789abcdef is not encrypted and AllowUnencrypted is not set; it stays as it is. "
                + "Set AllowUnencrypted until the record has been renewed, or delete it.",
            error.Message
        );
        Assert.Equal("access-1", Sealer(_key).Open(SampleRecord.Key, sealedAgain).Grant.AccessToken.Value);
    }

    [Fact]
    public void The_first_line_names_format_and_key_id_but_not_the_key()
    {
        var content = Sealer(_key).Seal(SampleRecord.Key, SampleRecord.Create());

        var line = Encoding.ASCII.GetString(content.AsSpan(0, content.AsSpan().IndexOf((byte)'\n')));

        Assert.Matches("^TokenAuth/1 [0-9A-F]{16}$", line);
        Assert.DoesNotContain(
            line[12..],
            Convert.ToHexString(Convert.FromBase64String(_key)),
            StringComparison.Ordinal
        );
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static TokenRecordSealer Sealer(string key, params string[] previous) =>
        new(new FileTokenStoreOptions { EncryptionKey = key, PreviousEncryptionKeys = [.. previous] });

    private static TokenRecordSealer Unencrypted() => new(new FileTokenStoreOptions { AllowUnencrypted = true });

    private static byte[] Envelope(string json) =>
        SealedEnvelope.Write(SealedEnvelope.NotEncrypted, SampleRecord.Key, Encoding.UTF8.GetBytes(json));
}
#endif
