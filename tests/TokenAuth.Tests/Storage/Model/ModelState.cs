namespace TokenAuth.Tests.Storage.Model;

/// <summary>Everything that is true at one moment.</summary>
internal sealed record ModelState
{
    /// <summary>Nobody has the lease.</summary>
    public const int Free = -1;

    /// <summary>A process that died has it.</summary>
    public const int Dead = -2;

    public required ModelSlot Record { get; init; }

    /// <summary>What a failover brings back: it may lack the last write.</summary>
    public required ModelSlot Copy { get; init; }

    /// <summary>Which process the store takes for the lease's holder.</summary>
    public int Holder { get; init; } = Free;

    public required ModelVendor Vendor { get; init; }

    public required ModelProcess[] Processes { get; init; }

    /// <summary>Grants up to this one are due.</summary>
    public byte Due { get; init; }

    public byte LastWrite { get; init; }

    /// <summary>How often somebody has waited until another one's lease ended by itself.</summary>
    public byte Waits { get; init; }

    /// <summary>How often tokens fall due again.</summary>
    public byte Renewals { get; init; }

    public ModelFaults Left { get; init; }

    public ModelFaults Happened { get; init; }

    /// <summary>A sentence that does not hold any more.</summary>
    public string? Broken { get; init; }

    /// <summary>The state in a few bytes, the same for the same state.</summary>
    public string Key
    {
        get
        {
            Span<char> key = stackalloc char[20 + (Processes.Length * 5)];
            var length = 0;
            Put(key, ref length, Record);
            Put(key, ref length, Copy);
            key[length++] = (char)((Holder + 2) | (Due << 8));
            key[length++] = (char)(Vendor.Last | (Vendor.Calls << 8));
            key[length++] = (char)(Vendor.Spent | (LastWrite << 8));
            key[length++] = (char)(Renewals | (Broken is null ? 0 : 256) | (Waits << 12));
            Put(key, ref length, Left);
            Put(key, ref length, Happened);
            foreach (var process in Processes)
            {
                key[length++] = (char)((int)process.Step | (process.Known << 8));
                key[length++] = (char)(process.Granted | (process.Written << 8));
                Put(key, ref length, process.Leased);
            }

            return new string(key[..length]);
        }
    }

    public bool IsFresh(byte grant) => grant > Due;

    public ModelState With(int index, ModelProcess process)
    {
        var processes = (ModelProcess[])Processes.Clone();
        processes[index] = process;

        return this with
        {
            Processes = processes,
        };
    }

    private static void Put(Span<char> key, ref int length, ModelSlot slot)
    {
        key[length++] = (char)(slot.Grant | (slot.Write << 8));
        key[length++] = (char)slot.Count;
    }

    private static void Put(Span<char> key, ref int length, ModelFaults faults)
    {
        key[length++] = (char)(faults.Crashes | (faults.Stalls << 4) | (faults.LostResponses << 8));
        key[length++] = (char)(faults.Outages | (faults.Failovers << 4));
    }
}
