namespace TokenAuth.Testing;

/// <summary>The project's decision about a token request.</summary>
internal abstract record VkCloudTokenOutcome
{
    public sealed record Granted(VkCloudAccessToken AccessToken, string? RefreshToken) : VkCloudTokenOutcome
    {
        public override string ToString() => nameof(Granted);
    }

    public sealed record Refused(int StatusCode, string Error, string Message) : VkCloudTokenOutcome;
}
