namespace TokenAuth;

/// <summary>What is known of a sent request once its credential is off again.</summary>
/// <param name="AnsweredBy">The URI that answered.</param>
/// <param name="Recording">The record of its content; null where the content itself can be sent again.</param>
internal readonly record struct Sent(Uri? AnsweredBy, RecordingContent? Recording)
{
    /// <summary>The content to send once more; false where the same bytes cannot be sent again.</summary>
    public bool TryRepeat(HttpContent? own, out HttpContent? content)
    {
        content = Recording is null ? own : Recording.End();
        return Recording is null ? RepeatableContent.CanBeSentAgain(own) : content is not null;
    }
}
