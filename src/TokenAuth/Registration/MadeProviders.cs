using System.Collections.Concurrent;

namespace TokenAuth;

/// <summary>The providers of a container: prepared at the start, made when they are first asked for, disposed with it.</summary>
/// <param name="prepare">Reads and checks the settings of one.</param>
internal sealed class MadeProviders(Func<TokenProviderRegistration, PreparedProvider> prepare)
    : IDisposable,
        IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, PreparedProvider> _prepared = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Lazy<ITokenProvider>> _providers = new(
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>One whose settings were found good; null when they have not been read.</summary>
    public PreparedProvider? FindPrepared(string name) =>
        _prepared.TryGetValue(name, out var prepared) ? prepared : null;

    /// <summary>One that has been used; null otherwise.</summary>
    public ITokenProvider? Find(string name) =>
        _providers.TryGetValue(name, out var provider) && provider.IsValueCreated ? provider.Value : null;

    public PreparedProvider Prepare(TokenProviderRegistration registration) =>
        _prepared.GetOrAdd(registration.Name, _ => prepare(registration));

    /// <exception cref="InvalidOperationException">The application's factory made none.</exception>
    public ITokenProvider Get(TokenProviderRegistration registration)
    {
        var making = _providers.GetOrAdd(
            registration.Name,
            _ => new Lazy<ITokenProvider>(() =>
                Prepare(registration).Make()
                ?? throw new InvalidOperationException(
                    $"The factory of token provider '{registration.Name}' returned null; return a provider."
                )
            )
        );

        try
        {
            return making.Value;
        }
        catch
        {
            // A Lazy would throw its first exception for ever; the missing part may be there the next time.
            ((ICollection<KeyValuePair<string, Lazy<ITokenProvider>>>)_providers).Remove(
                new KeyValuePair<string, Lazy<ITokenProvider>>(registration.Name, making)
            );
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var provider in Made())
            (provider as IDisposable)?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in Made())
            if (provider is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (provider as IDisposable)?.Dispose();
    }

    private IEnumerable<ITokenProvider> Made() => _providers.Values.Where(p => p.IsValueCreated).Select(p => p.Value);
}
