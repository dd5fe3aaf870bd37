using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stops a start with two stores, or with one whose options are wrong.</summary>
internal sealed class TokenStoreStartup(IServiceProvider provider, IServiceCollection services)
    : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options)
    {
        var count = services.Count(service => service.ServiceType == typeof(ITokenStore) && !service.IsKeyedService);
        if (count > 1)
            return ValidateOptionsResult.Fail(
                $"{count} token stores are registered, and a container has one; keep one of UseFileStore, UsePostgresStore, UseRedisStore "
                    + "and UseStore."
            );

        if (provider.GetRequiredService<TokenProviderRegistry>().AreAllReplaced)
            return ValidateOptionsResult.Success;

        try
        {
            provider.GetRequiredService<ITokenStore>();

            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException e)
        {
            return ValidateOptionsResult.Fail(e.Failures);
        }
    }
}
