namespace TokenAuth;

/// <summary>The kinds whose tenants can be resolved.</summary>
internal static class TenantKinds
{
    public static readonly TenantKind<VkCloudOptions> VkCloud = new()
    {
        Kind = VkCloudKind.Kind,
        Copy = static options => options.Copy(),
        SetTenant = static (options, tenant) => options.Tenant = tenant,
        Audience = VkCloudAudience.Instance,
        Creation = static services =>
        {
            var own = ProviderServices.Of(services);

            // A pace each, although two tenants may have one client: a pace remembers refresh tokens.
            return (options, loggers) => new VkCloudTokenProvider(options, own.With(loggers), pace: null);
        },
    };

    public static readonly TenantKind<AzureSpeechOptions> AzureSpeech = new()
    {
        Kind = AzureSpeechKind.Kind,
        Copy = static options => options.Copy(),
        SetTenant = static (options, tenant) => options.Tenant = tenant,
        GrantsServiceTokens = true,
        Audience = new AzureSpeechAudience(new AzureSpeechOptions(), isOfKeys: false), // no host: each tenant has its own
        Creation = static services =>
        {
            var own = ProviderServices.Of(services);

            return (options, loggers) => new AzureSpeechTokenProvider(options, own.With(loggers));
        },
    };
}
