namespace TokenAuth;

/// <summary>A provider whose settings may change at run time.</summary>
internal interface IReloadingProvider
{
    /// <summary>The outage of its settings: since when and why it has not taken the changed ones; null while it has.</summary>
    OutageReport? InvalidSettings { get; }
}
