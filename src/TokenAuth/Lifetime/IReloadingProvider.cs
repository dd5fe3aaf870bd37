namespace TokenAuth;

/// <summary>A provider whose settings may change at run time.</summary>
internal interface IReloadingProvider
{
    /// <summary>Since when and why its changed settings have not been taken; null while they have.</summary>
    OutageReport? InvalidSettings { get; }
}
