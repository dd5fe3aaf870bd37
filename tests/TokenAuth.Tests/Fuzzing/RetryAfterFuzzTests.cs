using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace TokenAuth.Tests.Fuzzing;

[Trait("Failure", "34")]
public sealed class RetryAfterFuzzTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Seconds_and_dates_are_read_and_clamped()
    {
        var seconds =
            from value in Gen.OneOf(
                Gen.Choose(0, 2_000).Select(value => (decimal)value),
                Gen.Choose(0, int.MaxValue).Select(value => (decimal)value),
                Gen.Choose(0, int.MaxValue).Select(value => value * 1e15m)
            )
            from zeros in Gen.Choose(0, 3)
            select (Text: new string('0', zeros) + value.ToString("0", CultureInfo.InvariantCulture), Wait: value);
        var dates =
            from away in Gen.OneOf(Gen.Choose(-2_000, 2_000), Gen.Choose(int.MinValue, int.MaxValue))
            select (Text: _now.AddSeconds(away).ToString("r", CultureInfo.InvariantCulture), Wait: (decimal)away);

        Fuzz.Check(
            Gen.OneOf(seconds, dates),
            header =>
                Assert.Equal(
                    TimeSpan.FromSeconds((double)Math.Clamp(header.Wait, 1, 900)),
                    RetryAfterValue.Read(With(header.Text), _now)
                )
        );
    }

    [Fact]
    public void Anything_else_is_no_wait_or_a_clamped_one()
    {
        var characters = Gen.Elements([
            .. "0123456789:, -+.eGMTJanThu\"'%\t٣",
            .. Enumerable.Range(0x20, 0x60).Select(c => (char)c),
        ]);

        Fuzz.Check(
            characters.ArrayOf().Select(text => new string(text)),
            text =>
            {
                var wait = RetryAfterValue.Read(With(text), _now);

                if (wait is { } asked)
                    Assert.InRange(asked, RetryAfterValue.Shortest, RetryAfterValue.Longest);
                if (!text.Any(char.IsAsciiDigit))
                    Assert.Null(wait);
            }
        );
    }

    private static HttpResponseMessage With(string value)
    {
        var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);

        return response;
    }
}
