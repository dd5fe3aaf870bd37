using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>One of the two token services: its lines, its door, and what its faults may cost.</summary>
internal sealed class Vendor
{
    private readonly TokenServiceEmulator _emulator;
    private readonly Dictionary<TokenLine, CallAccount> _accounts;
    private int _allowedToFail;

    public Vendor(
        string name,
        TokenServiceEndpoint endpoint,
        IReadOnlyList<TokenLine> lines,
        TokenServiceEmulator emulator,
        SoakClock clock,
        Action<string> log
    )
    {
        Name = name;
        Endpoint = endpoint;
        Lines = lines;
        _emulator = emulator;
        _accounts = lines.ToDictionary(line => line, line => new CallAccount(line, clock));
        Door = new(line => _accounts[line], clock, log);
        Behave();
    }

    public string Name { get; }

    public TokenServiceEndpoint Endpoint { get; }

    public IReadOnlyList<TokenLine> Lines { get; }

    public TokenDoor Door { get; }

    public IEnumerable<CallAccount> Accounts => _accounts.Values;

    public int Calls => _emulator.Ledger.Endpoints[Endpoint].Calls;

    /// <summary>How many met a fault instead of the door.</summary>
    public int Failed => Calls - Door.Passed;

    public int Unexplained => Accounts.Sum(account => account.Unexplained);

    /// <summary>One call a token life and line, and each event's own.</summary>
    public int Explained => Accounts.Sum(account => account.Explained);

    /// <summary>
    /// Calls that met a fault, as far as the pace of a failing endpoint allows them: a client that hammers a dead endpoint is above it.
    /// </summary>
    public int RightlyFailed => Math.Min(Failed, Volatile.Read(ref _allowedToFail));

    public CallAccount this[TokenLine line] => _accounts[line];

    /// <summary>The next calls meet the fault.</summary>
    public void FailNext(TokenServiceFault fault, int times)
    {
        Interlocked.Add(ref _allowedToFail, times);
        _emulator.Faults.Next(Endpoint, fault, times);
    }

    /// <summary>Every call meets the fault for that long.</summary>
    public void Fail(TokenServiceFault fault, TimeSpan duration)
    {
        Interlocked.Add(ref _allowedToFail, Lines.Sum(line => line.Members) * FailingCalls.During(duration));
        _emulator.Faults.Always(Endpoint, fault);
    }

    /// <summary>Only the door stands in the way.</summary>
    public void Behave()
    {
        _emulator.Faults.Clear(Endpoint);
        _emulator.Faults.Always(Endpoint, Door.ToFault());
    }

    /// <summary>The line's data endpoint refuses one request, however good its token.</summary>
    public void RejectOne(TokenLine line)
    {
        // The member that was refused renews; the others go on with the token, and take the new one over when it is time.
        this[line].Allow(1);
        _emulator.Faults.RejectNext(line.Data);
    }

    public void AllowEachLine(Func<TokenLine, int> calls, TimeSpan lasting = default)
    {
        foreach (var account in Accounts)
            account.Allow(calls(account.Line), lasting);
    }
}
