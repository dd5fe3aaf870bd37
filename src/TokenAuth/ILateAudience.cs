namespace TokenAuth;

/// <summary>A provider whose hosts may come with its tokens: a host that is not listed now is judged again once a token is there.</summary>
internal interface ILateAudience
{
    bool HostsComeWithTokens { get; }
}
