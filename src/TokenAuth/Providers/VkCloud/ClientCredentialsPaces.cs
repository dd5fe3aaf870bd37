using System.Collections.Concurrent;

namespace TokenAuth;

/// <summary>
/// The paces of one provider over the changes of its options: settings that flap between two secrets must not spend the
/// project's refresh tokens, and a new secret need not wait for the old one's minute to end.
/// </summary>
internal sealed class ClientCredentialsPaces(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ClientCredentialsPace> _paces = new(StringComparer.Ordinal);

    public ClientCredentialsPace For(VkCloudOptions options) =>
        _paces.GetOrAdd(
            $"{options.TokenEndpoint.AbsoluteUri} {options.ClientId} {SecretDigest.Of(options.ClientSecret)}",
            _ => new ClientCredentialsPace(time)
        );
}
