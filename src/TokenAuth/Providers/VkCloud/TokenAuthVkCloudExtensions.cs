using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers VK Cloud clients.</summary>
public static class TokenAuthVkCloudExtensions
{
    /// <summary>Registers a VK Cloud client: Voice and Vision have a client id each.</summary>
    public static TokenAuthBuilder AddVkCloud(
        this TokenAuthBuilder builder,
        string name,
        Action<VkCloudOptions> configure
    ) => builder.Add(VkCloudKind.Kind, name, configure);
}
