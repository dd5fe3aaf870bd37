namespace TokenAuth.Tests.Storage.Model;

/// <summary>Where a process is in its renewal.</summary>
internal enum ModelStep
{
    /// <summary>It reads the record.</summary>
    Reading,

    /// <summary>It waits for the lease, to renew.</summary>
    Leasing,

    /// <summary>It has the lease, has read again, and asks the vendor.</summary>
    Asking,

    /// <summary>It could not read the record: it asks the vendor with the refresh token that it has, and with nothing else.</summary>
    RenewingAlone,

    /// <summary>The store does not work: it asks the vendor without a lease.</summary>
    AskingAlone,

    /// <summary>The vendor has granted; it writes.</summary>
    Writing,

    /// <summary>It could not write; it waits for a lease of its own to do so.</summary>
    LeasingToSave,

    /// <summary>It has that lease and writes what is newest.</summary>
    Saving,

    /// <summary>It has a token that is not due, and nothing left to store.</summary>
    Done,
}
