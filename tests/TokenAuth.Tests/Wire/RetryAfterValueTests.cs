namespace TokenAuth.Tests.Wire;

[Trait("Failure", "34")]
public sealed class RetryAfterValueTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 1)]
    [InlineData("1", 1)]
    [InlineData("900", 900)]
    [InlineData("901", 900)]
    [InlineData("31536000", 900)]
    [InlineData("2147483647", 900)]
    [InlineData("2147483648", 900)]
    [InlineData("99999999999999999999999999", 900)]
    [InlineData("Thu, 01 Jan 2026 12:00:30 GMT", 30)]
    [InlineData("Thu, 01 Jan 2026 12:15:01 GMT", 900)]
    [InlineData("Fri, 01 Jan 2027 12:00:00 GMT", 900)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", 900)]
    [InlineData("Thu, 01 Jan 2026 12:00:00 GMT", 1)]
    [InlineData("Thu, 01 Jan 2026 11:00:00 GMT", 1)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 1)]
    public void A_wait_is_kept_between_one_second_and_fifteen_minutes(string value, int seconds)
    {
        var wait = RetryAfterValue.Read(With(value), _now);

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("99999999999x")]
    [InlineData("\u0663\u0663\u0663\u0663\u0663\u0663\u0663\u0663\u0663\u0663")]
    [InlineData("Thu, 99 Jan 2026 12:00:30 GMT")]
    public void Garbage_is_no_wait(string value) => Assert.Null(RetryAfterValue.Read(With(value), _now));

    [Fact]
    public void No_header_is_no_wait() => Assert.Null(RetryAfterValue.Read(new HttpResponseMessage(), _now));

    [Fact]
    public void Two_headers_are_no_reason_to_fail()
    {
        var response = With("5");
        response.Headers.TryAddWithoutValidation("Retry-After", "7");

        var wait = RetryAfterValue.Read(response, _now);

        Assert.True(wait is null || (wait >= TimeSpan.FromSeconds(1) && wait <= TimeSpan.FromSeconds(7)));
    }

    // A date is the endpoint's; where our clock differs, its Date header tells.
    [Theory]
    [InlineData("Thu, 01 Jan 2026 15:00:00 GMT", "Thu, 01 Jan 2026 15:00:20 GMT", 20)]
    [InlineData("Thu, 01 Jan 2026 09:00:00 GMT", "Thu, 01 Jan 2026 09:00:20 GMT", 20)]
    [InlineData("Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", 900)]
    [InlineData("not a date", "Thu, 01 Jan 2026 12:00:20 GMT", 20)]
    public void A_date_is_read_by_the_endpoints_own_clock(string date, string value, int seconds)
    {
        var response = With(value);
        response.Headers.TryAddWithoutValidation("Date", date);

        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfterValue.Read(response, _now));
    }

    private static HttpResponseMessage With(string value)
    {
        var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        return response;
    }
}
