using System.Globalization;

namespace TokenAuth.Tool;

/// <summary>A moment with its zone, and how far away it is.</summary>
internal static class Moment
{
    public static string Describe(DateTimeOffset moment, DateTimeOffset now)
    {
        var seconds = Seconds(moment, now);

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{moment.UtcDateTime:u} ({(seconds >= 0 ? $"in {seconds} s" : $"{-seconds} s ago")})"
        );
    }

    public static long Seconds(DateTimeOffset moment, DateTimeOffset now) =>
        (long)Math.Floor((moment - now).TotalSeconds);
}
