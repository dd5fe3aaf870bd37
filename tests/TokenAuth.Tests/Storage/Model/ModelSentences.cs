namespace TokenAuth.Tests.Storage.Model;

/// <summary>The sentences of README and docs/fleets.md that every state, or every end, has to keep.</summary>
internal static class ModelSentences
{
    /// <summary>The sentence that this state breaks; null for none.</summary>
    public static string? BrokenBy(StoreModel model, ModelState state, bool isEnd)
    {
        if (state.Broken is not null)
            return state.Broken;

        var happened = state.Happened;
        if (happened.Total == 0 && state.Vendor.Calls > 1)
            return "Without faults one process renews for all, with one call.";
        if (happened.Total == 0 && state.Vendor.Spent > 0)
            return "Without faults no refresh token is spent.";
        if (!model.IsSingleUse && state.Vendor.Spent > happened.Outages)
            return "While the vendor echoes refresh tokens, one is spent only by a process that knows nothing during an outage.";
        if (!isEnd)
            return null;

        if (state.Processes.Any(process => process.Step != ModelStep.Done || !state.IsFresh(process.Known)))
            return "Everybody ends with a token that is not due.";
        if (state.Holder != ModelState.Free)
            return "No lease stays taken.";
        if (happened is { Crashes: 0, LostResponses: 0, Failovers: 0 } && state.Record.Grant != state.Vendor.Last)
            return "What the vendor granted last is stored in the end.";

        return null;
    }
}
