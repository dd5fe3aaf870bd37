namespace TokenAuth.Tests.Wire;

public sealed class EndpointErrorCodeTests
{
    [Theory]
    [InlineData("{\"error\":\"invalid_client\"}", "invalid_client")]
    [InlineData("{\"error\":\"invalid_grant\",\"error_description\":\"…\"}", "invalid_grant")]
    [InlineData("{\"code\":\"E-12\"}", "E-12")]
    [InlineData("{\"code\":\"AADSTS7000215\"}", "AADSTS7000215")]
    [InlineData("{\"error\":\"vMA3Pjyno6tvCdo8MeDQ8xYT\"}", null)] // the start of a token that we may not know
    [InlineData("{\"code\":\"InvalidSubscriptionKey\"}", "InvalidSubscriptionKey")]
    [InlineData("{\"code\":\"quotaExceeded\"}", "quotaExceeded")]
    [InlineData("{\"code\":\"QUOTA_EXCEEDED\"}", "QUOTA_EXCEEDED")]
    [InlineData("{\"error\":\"dGhlLXNlY-JldCBvZiB\"}", null)] // base64url without a digit
    [InlineData("{\"error\":\"invalid_dGhlLXN\"}", null)] // one word of a code does not make the other one
    [InlineData("{\"error\":\"UNAUTHORIZED\"}", "UNAUTHORIZED")]
    [InlineData("{\"error\":\"3f2504e04f8911d39a0c0305e82c3301\"}", null)]
    [InlineData("{\"error\":\"123456789\"}", null)]
    [InlineData("{\"error\":{\"code\":\"401\",\"message\":\"…\"}}", "401")]
    [InlineData("{\"error\":{\"code\":401001}}", "401001")]
    [InlineData("{\"error\":\"first\",\"code\":\"second\"}", "first")]
    [InlineData("{\"error\":{\"code\":\"inner\"},\"code\":\"outer\"}", "outer")]
    [InlineData("{\"error\":\"12345678\"}", "12345678")]
    [InlineData("{\"error\":{\"code\":{}}}", null)]
    [InlineData("{\"error\":{\"code\":\"\\ud800\"}}", null)]
    [InlineData("{\"error\":{\"\\ud800\":1}}", null)]
    [InlineData("{\"error\":\"\\ud800\"}", null)]
    [InlineData("{\"error\":\"two words\"}", null)]
    [InlineData("{\"error\":\"line\\nbreak\"}", null)]
    [InlineData("{\"error\":\"\"}", null)]
    [InlineData("{\"status\":401,\"body\":\"…\"}", null)]
    [InlineData("{\"error\":\"a\",\"error\":\"a\"}", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_error_code_is_a_word_of_a_known_member(string? text, string? expected) =>
        Assert.Equal(expected, EndpointErrorCode.Read(text, []));

    [Theory]
    [InlineData(39, true)]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void An_error_code_is_short(int length, bool isCode) =>
        Assert.Equal(isCode, EndpointErrorCode.Read($"{{\"error\":\"{new string('a', length)}\"}}", []) is not null);

    [Theory]
    [Trait("Failure", "46")]
    [InlineData("vmapjynotvcdo", "vMAPjynoTvCdoMeDQxYTand-the-rest")]
    [InlineData("VMAPJYNOTVCDO", "vMAPjynoTvCdoMeDQxYTand-the-rest")]
    [InlineData("token.vmapj", "vMAPjynoTvCdoMeDQxYTand-the-rest")]
    [InlineData("abc", "abc")] // a short secret whole
    [InlineData("is.abc.wrong", "abc")]
    public void An_error_code_that_shows_part_of_a_secret_is_none(string code, string secret)
    {
        Assert.Null(EndpointErrorCode.Read($"{{\"error\":\"{code}\"}}", [null, secret]));
        Assert.Equal(code, EndpointErrorCode.Read($"{{\"error\":\"{code}\"}}", [null, "", "other"]));
    }

    // Of RFC 6749's words everybody knows that they mean nothing but themselves.
    [Theory]
    [InlineData("invalid_client", "client-secret")]
    [InlineData("invalid_grant", "grant")]
    [InlineData("unauthorized_client", "unauthorized")]
    public void A_standard_error_code_shows_nothing(string code, string secret) =>
        Assert.Equal(code, EndpointErrorCode.Read($"{{\"error\":\"{code}\"}}", [secret]));

    [Fact]
    [Trait("Failure", "46")]
    public void A_secret_that_is_a_standard_error_code_stays_one() =>
        Assert.Null(EndpointErrorCode.Read("{\"error\":\"invalid_grant\"}", ["invalid_grant"]));
}
