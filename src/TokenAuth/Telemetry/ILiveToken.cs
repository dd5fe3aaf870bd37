namespace TokenAuth;

/// <summary>A provider whose token the gauge shows.</summary>
internal interface ILiveToken
{
    string ProviderName { get; }

    /// <summary>How long the token may still be used; zero when the last renewal left none, null when it does not expire or there is none yet.</summary>
    TimeSpan? RemainingLife { get; }
}
