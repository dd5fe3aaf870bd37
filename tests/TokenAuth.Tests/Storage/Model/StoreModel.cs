namespace TokenAuth.Tests.Storage.Model;

/// <summary>
/// Every move from a state: what a process does next, as <c>GrantRenewer</c> does, and every fault that may happen to it. Vendor and store do one
/// thing at a time.
/// </summary>
internal sealed class StoreModel(StoreRules rules, bool isSingleUse, int mostFaults)
{
    public StoreRules Rules => rules;

    public bool IsSingleUse => isSingleUse;

    public bool MayFail(ModelState state) => state.Happened.Total < mostFaults;

    public static ModelState Start(int processes, byte renewals, ModelFaults faults)
    {
        // Everybody has grant 1, which is due; so does the store.
        var record = new ModelSlot(1, 1, 1);
        var process = new ModelProcess(ModelStep.Reading, 1, 0, default, 0);

        return new ModelState
        {
            Record = record,
            Copy = record,
            Vendor = new ModelVendor(1, 0, 0),
            Processes = [.. Enumerable.Repeat(process, processes)],
            Due = 1,
            LastWrite = 1,
            Renewals = renewals,
            Left = faults,
        };
    }

    public IEnumerable<(string Move, ModelState State)> Moves(ModelState state)
    {
        for (var i = 0; i < state.Processes.Length; i++)
            foreach (var (move, next) in StepsOf(state, i).Concat(ModelFaultMoves.Of(this, state, i)))
                yield return ($"{i}: {move}", next);

        if (state.Holder == ModelState.Dead)
            yield return ("the lease of the dead holder ends", EndLease(state));
        if (state.Left.Failovers > 0 && MayFail(state))
            yield return ("the store fails over", ModelFaultMoves.FailOver(state));
        if (state.Copy != state.Record)
            yield return ("the write is copied", state with { Copy = state.Record });
        if (state.Renewals > 0 && state.Processes.All(process => process.Step == ModelStep.Done))
            yield return ("the tokens fall due", FallDue(state));
    }

    /// <summary>The store takes a lease back whose time is over, for those who wait.</summary>
    public static ModelState EndLease(ModelState state)
    {
        var isAwaited = state.Processes.Any(process => process.Step is ModelStep.Leasing or ModelStep.LeasingToSave);

        return state with
        {
            Holder = ModelState.Free,
            Waits = (byte)(state.Waits + (isAwaited ? 1 : 0)),
        };
    }

    /// <summary>Gives the lease to a process; it reads the record again and takes a token that is not due.</summary>
    private static ModelState Lease(ModelState state, int index, ModelStep next)
    {
        var process = state.Processes[index];
        if (next == ModelStep.Asking && state.IsFresh(state.Record.Grant))
            return Done(state, index, state.Record.Grant);

        return (state with { Holder = index }).With(index, process with { Step = next, Leased = state.Record });
    }

    /// <summary>The vendor is asked with what the store and the memory have, the store's first.</summary>
    public ModelVendor Ask(ModelState state, byte leased, byte known)
    {
        var isGood = isSingleUse ? leased == state.Vendor.Last || known == state.Vendor.Last : leased > 0 || known > 0;

        return state.Vendor.Grant(isRefreshed: isGood);
    }

    /// <summary>The store's write: compares and replaces, and the lease is given back.</summary>
    public ModelState Write(ModelState state, int index)
    {
        var process = state.Processes[index];
        var grant = process.Step == ModelStep.Saving ? Math.Max(process.Granted, state.Record.Grant) : process.Granted;
        if (process.Written > 0 && state.Record.Write == process.Written)
            return Done(state, index, grant); // a repeat of itself

        var holds = state.Holder == index;
        var isLate = rules.RefusesLateWriters && !holds && state.Holder != ModelState.Free;
        if (isLate || !rules.Fits(state.Record, process.Leased))
            return Refused(state, index, holds);

        var write = (byte)(state.LastWrite + 1);
        var replaced = state.Record.Write;
        var written = state with
        {
            Record = new ModelSlot(grant, write, (byte)(state.Record.Count + 1)),
            LastWrite = write,
            Broken = replaced == process.Leased.Write ? state.Broken : "A late write replaces nothing newer.",
        };

        return Done(written.With(index, process with { Written = write }), index, grant);
    }

    private IEnumerable<(string Move, ModelState State)> StepsOf(ModelState state, int index)
    {
        var process = state.Processes[index];
        switch (process.Step)
        {
            case ModelStep.Reading:
                yield return (
                    "reads",
                    state.IsFresh(state.Record.Grant)
                        ? Done(state, index, state.Record.Grant)
                        : state.With(index, process with { Step = ModelStep.Leasing })
                );
                break;

            case ModelStep.Leasing
            or ModelStep.LeasingToSave when state.Holder == ModelState.Free || state.Holder == index:
                var next = process.Step == ModelStep.Leasing ? ModelStep.Asking : ModelStep.Saving;
                yield return ("takes the lease", Lease(state, index, next));
                break;

            case ModelStep.Asking:
                var vendor = Ask(state, process.Leased.Grant, process.Known);
                yield return (
                    "asks",
                    (state with { Vendor = vendor }).With(
                        index,
                        process with
                        {
                            Step = ModelStep.Writing,
                            Granted = vendor.Last,
                        }
                    )
                );
                break;

            case ModelStep.RenewingAlone when isSingleUse && process.Known != state.Vendor.Last:
                yield return ("is refused", state.With(index, process with { Step = ModelStep.Leasing }));
                break;

            case ModelStep.RenewingAlone
            or ModelStep.AskingAlone:
                vendor = Ask(state, 0, process.Known);
                yield return (
                    "asks without a lease",
                    (state with { Vendor = vendor }).With(
                        index,
                        process with
                        {
                            Step = ModelStep.LeasingToSave,
                            Granted = vendor.Last,
                            Known = vendor.Last,
                        }
                    )
                );
                break;

            case ModelStep.Writing
            or ModelStep.Saving:
                yield return ("writes", Write(state, index));
                break;
        }
    }

    private static ModelState Done(ModelState state, int index, byte grant)
    {
        var process = new ModelProcess(ModelStep.Done, grant, 0, default, 0);
        var holder = state.Holder == index ? ModelState.Free : state.Holder;

        return (state with { Holder = holder }).With(index, process);
    }

    private static ModelState Refused(ModelState state, int index, bool holds)
    {
        var process = state.Processes[index] with { Step = ModelStep.LeasingToSave, Leased = default, Written = 0 };
        var refused = state with
        {
            Holder = holds ? ModelState.Free : state.Holder,
            Broken = holds ? "A holder whose lease lives is never refused." : state.Broken,
        };

        return refused.With(index, process with { Known = process.Granted });
    }

    private static ModelState FallDue(ModelState state) =>
        state with
        {
            Due = state.Vendor.Last,
            Renewals = (byte)(state.Renewals - 1),
            Vendor = state.Vendor with { Calls = 0 },
            Processes = [.. state.Processes.Select(process => process with { Step = ModelStep.Reading })],
        };
}
