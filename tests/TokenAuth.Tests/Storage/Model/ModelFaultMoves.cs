namespace TokenAuth.Tests.Storage.Model;

/// <summary>What may go wrong for one process at its step, each at most as often as is left.</summary>
internal static class ModelFaultMoves
{
    public static IEnumerable<(string Move, ModelState State)> Of(StoreModel model, ModelState state, int index)
    {
        var process = state.Processes[index];
        if (process.Step == ModelStep.Done || !model.MayFail(state))
            yield break;

        if (state.Left.Crashes > 0)
            yield return ("dies and starts again", Crash(model.Rules, state, index));
        if (state.Left.Stalls > 0 && state.Holder == index)
            yield return (
                "stalls until its lease has ended",
                StoreModel.EndLease(Happen(state, new ModelFaults(0, 1, 0, 0, 0)))
            );
        if (state.Left.Outages > 0 && Fail(state, index) is { } failed)
            yield return ("does not reach the store", Happen(failed, new ModelFaults(0, 0, 0, 1, 0)));
        if (state.Left.LostResponses > 0 && LoseResponse(model, state, index) is { } lost)
            yield return ("loses the response", Happen(lost, new ModelFaults(0, 0, 1, 0, 0)));
    }

    public static ModelState FailOver(ModelState state) =>
        Happen(state, new ModelFaults(0, 0, 0, 0, 1)) with
        {
            Record = state.Copy,
            Holder = ModelState.Free,
        };

    private static ModelState Crash(StoreRules rules, ModelState state, int index)
    {
        var left = rules.FreesAtDeath ? ModelState.Free : ModelState.Dead;
        var crashed = Happen(state, new ModelFaults(1, 0, 0, 0, 0)) with
        {
            Holder = state.Holder == index ? left : state.Holder,
        };

        return crashed.With(index, new ModelProcess(ModelStep.Reading, 0, 0, default, 0));
    }

    // A read that fails with nothing in memory gets a second chance at the lease.
    private static ModelState? Fail(ModelState state, int index)
    {
        var process = state.Processes[index];

        return process.Step switch
        {
            ModelStep.Reading => state.With(
                index,
                process with
                {
                    Step = process.Known > 0 ? ModelStep.RenewingAlone : ModelStep.Leasing,
                }
            ),
            ModelStep.Leasing => state.With(index, process with { Step = ModelStep.AskingAlone }),
            ModelStep.Writing or ModelStep.Saving => Unsaved(state, index),
            _ => null,
        };
    }

    private static ModelState Unsaved(ModelState state, int index)
    {
        var process = state.Processes[index];
        var holder = state.Holder == index ? ModelState.Free : state.Holder; // released, or ended with its session

        return (state with { Holder = holder }).With(
            index,
            process with
            {
                Step = ModelStep.LeasingToSave,
                Known = process.Granted,
                Leased = default,
                Written = 0,
            }
        );
    }

    private static ModelState? LoseResponse(StoreModel model, ModelState state, int index)
    {
        var process = state.Processes[index];
        switch (process.Step)
        {
            // The next command finds its own lease, or the session has ended with it.
            case ModelStep.Leasing or ModelStep.LeasingToSave when state.Holder == ModelState.Free:
                return model.Rules.FreesAtDeath ? null : state with { Holder = index };

            // The vendor has granted; nobody knows it.
            case ModelStep.Asking:
                return state with { Vendor = model.Ask(state, process.Leased.Grant, process.Known) };

            case ModelStep.Writing
            or ModelStep.Saving:
                var written = model.Write(state, index);

                return written.LastWrite == state.LastWrite
                    ? null
                    : written.With(index, process with { Written = written.LastWrite });

            default:
                return null;
        }
    }

    private static ModelState Happen(ModelState state, ModelFaults fault) =>
        state with
        {
            Left = Add(state.Left, fault, -1),
            Happened = Add(state.Happened, fault, 1),
        };

    private static ModelFaults Add(ModelFaults faults, ModelFaults other, int sign) =>
        new(
            (byte)(faults.Crashes + (sign * other.Crashes)),
            (byte)(faults.Stalls + (sign * other.Stalls)),
            (byte)(faults.LostResponses + (sign * other.LostResponses)),
            (byte)(faults.Outages + (sign * other.Outages)),
            (byte)(faults.Failovers + (sign * other.Failovers))
        );
}
