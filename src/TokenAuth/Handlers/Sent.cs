namespace TokenAuth;

/// <summary>The facts about a sent request after its credential was taken off.</summary>
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
