using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <summary>Stops a start with two stores, or with one whose options are wrong. Makes no store.</summary>
internal sealed class TokenStoreStartup(IServiceProvider provider, IServiceCollection services)
    : IValidateOptions<TokenAuthStartup>
{
    public ValidateOptionsResult Validate(string? name, TokenAuthStartup options) => SettingError.Result(Errors());

    private IEnumerable<string> Errors()
    {
        var section = provider.GetRequiredService<StoreSection>();
        var count = services.CountStores();
        if (count > 1)
            return
            [
                $"{count} token stores are registered, and a container has one; keep one of UseFileStore, UsePostgresStore, UseRedisStore "
                    + "and UseStore.",
            ];
        if (count == 1 && section.Path is { } path)
            return [$"A token store is registered in code, and {path} says one too; a container has one: keep either."];
        if (provider.GetRequiredService<TokenProviderRegistry>().AreAllReplaced)
            return [];

        return count == 0
            ? section.Errors()
            : provider.GetServices<StoreCheck>().SelectMany(check => check.Errors(provider));
    }
}
