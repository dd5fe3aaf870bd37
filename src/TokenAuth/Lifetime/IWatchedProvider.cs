namespace TokenAuth;

/// <summary>A provider that stays in memory while <c>KeepFresh</c> watches it.</summary>
internal interface IWatchedProvider
{
    /// <summary>Begins a watch, which the result ends; null where nothing would leave memory anyway.</summary>
    IDisposable? BeginWatch();
}
