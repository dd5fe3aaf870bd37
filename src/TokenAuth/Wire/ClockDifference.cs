namespace TokenAuth;

/// <summary>Compares the local clock with the clock of the endpoint that responded.</summary>
internal static class ClockDifference
{
    private static readonly TimeSpan _resolution = TimeSpan.FromSeconds(1); // of the header

    /// <summary>Positive when the local clock is ahead; zero within the exchange's own duration; null without the header.</summary>
    /// <param name="date">The header <c>Date</c> (RFC 9110 section 6.6.1).</param>
    public static TimeSpan? Of(DateTimeOffset? date, DateTimeOffset sentAt, DateTimeOffset receivedAt) =>
        date is not { } said ? null
        : sentAt - said > _resolution ? sentAt - said // no addition: the date may be the last one there is
        : said > receivedAt ? receivedAt - said
        : TimeSpan.Zero;
}
