namespace TokenAuth;

/// <summary>What is known of a sent request once its credential is off again.</summary>
/// <param name="AnsweredBy">The URI that answered.</param>
/// <param name="StandIn">What was sent in place of its content; null where the content itself was.</param>
internal readonly record struct Sent(Uri? AnsweredBy, StandInContent? StandIn)
{
    /// <summary>The content to send once more; false where the same bytes cannot be sent again.</summary>
    public bool TryRepeat(HttpContent? own, out HttpContent? content)
    {
        content = StandIn is null ? own : StandIn.End();
        return StandIn is null ? RepeatableContent.CanBeSentAgain(own) : content is not null;
    }
}
