using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stops a start with two stores, or with one whose options are wrong.</summary>
internal sealed class TokenStoreStartup(IServiceProvider provider, IServiceCollection services)
    : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options)
    {
        var section = provider.GetRequiredService<StoreSection>();
        var count = services.CountStores();
        if (count > 1)
            return ValidateOptionsResult.Fail(
                $"{count} token stores are registered, and a container has one; keep one of UseFileStore, UsePostgresStore, UseRedisStore "
                    + "and UseStore."
            );
        if (count == 1 && section.Path is { } path)
            return ValidateOptionsResult.Fail(
                $"A token store is registered in code, and {path} says one too; a container has one: keep either."
            );
        if (provider.GetRequiredService<TokenProviderRegistry>().AreAllReplaced)
            return ValidateOptionsResult.Success;

        return count == 0 && section.Errors().ToList() is { Count: > 0 } errors
            ? ValidateOptionsResult.Fail(errors)
            : Make();
    }

    private ValidateOptionsResult Make()
    {
        try
        {
            provider.GetService<ITokenStore>();

            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException e)
        {
            return ValidateOptionsResult.Fail(e.Failures);
        }
    }
}
