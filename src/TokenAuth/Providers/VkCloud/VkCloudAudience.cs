namespace TokenAuth;

/// <summary>The services that VK Cloud's tokens are for.</summary>
internal sealed class VkCloudAudience : ITokenAudience
{
    public static readonly VkCloudAudience Instance = new();

    public IReadOnlyCollection<string> AllowedHosts { get; } = ["voice.mcs.mail.ru", "smarty.mail.ru"];

    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        VkCloudRejection.IsRejectedAsync(response, cancellationToken);
}
