using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth;

/// <summary>Asks the application for one tenant, in a scope of its own and for at most 15 seconds.</summary>
/// <param name="create">Gives the tenant's provider; null when there is no such tenant.</param>
internal sealed class TenantResolver(
    string providerName,
    IServiceScopeFactory scopes,
    Func<string, IServiceProvider, CancellationToken, ValueTask<ITokenProvider?>> create,
    TimeProvider time
)
{
    private readonly TimeLimit _limit = new(
        $"Resolving a tenant of token provider '{providerName}'",
        TimeSpan.FromSeconds(15),
        time
    );

    public async Task<ITokenProvider?> ResolveAsync(string tenant, CancellationToken ended)
    {
        try
        {
            return await _limit.RunAsync(end => CreateAsync(tenant, end), ended, GiveBackAsync).ConfigureAwait(false);
        }
        catch (TimeLimitException exception)
        {
            throw new TokenAcquisitionException($"{exception.Message} Check what the resolver waits for.", exception)
            {
                ProviderName = providerName,
                IsTransient = true,
            };
        }
    }

    private async Task<ITokenProvider?> CreateAsync(string tenant, CancellationToken end)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
            return await create(tenant, scope.ServiceProvider, end).ConfigureAwait(false);
    }

    private static Task GiveBackAsync(ITokenProvider? late)
    {
        (late as IDisposable)?.Dispose();

        return Task.CompletedTask;
    }
}
