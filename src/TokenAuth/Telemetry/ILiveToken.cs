namespace TokenAuth;

/// <summary>A provider whose token the gauge shows.</summary>
internal interface ILiveToken
{
    string ProviderName { get; }

    /// <summary>The life that the token has left; zero when the last renewal left no token, null when it does not expire or there is none yet.</summary>
    TimeSpan? RemainingLife { get; }
}
