using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The kinds of provider that this package brings: the one place above the vendors that names them.</summary>
internal static class BuiltInKinds
{
    public static readonly IReadOnlyList<IProviderKind> All =
    [
        VkCloudKind.Kind,
        AzureSpeechKind.Kind,
        StaticTokenKind.Kind,
        SpeechTokenEndpointKind.Kind,
    ];
}
