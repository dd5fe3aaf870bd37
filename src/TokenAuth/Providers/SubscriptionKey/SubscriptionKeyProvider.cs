using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// Hands out an Azure subscription key. If a service refuses one of two keys, the provider switches to the other and stays with it until
/// that one is refused.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SubscriptionKeyProvider : ITokenProvider, ITokenAudience, IPlacedRejections
{
    private readonly AccessToken _primary;
    private readonly AccessToken? _secondary;
    private AccessToken _current; // swapped by compare and exchange

    /// <summary>Starts with the first key.</summary>
    /// <param name="secondaryKey">With null, the provider has no key to switch to after a refusal.</param>
    /// <exception cref="ArgumentException">
    /// A key is empty, longer than 16 384 characters, or has a character outside U+0021…U+007E.
    /// </exception>
    public SubscriptionKeyProvider(string primaryKey, string? secondaryKey = null)
    {
        _primary = Key(primaryKey, nameof(primaryKey));
        _secondary = secondaryKey is null ? null : Key(secondaryKey, nameof(secondaryKey));
        if (string.Equals(secondaryKey, primaryKey, StringComparison.Ordinal))
            _secondary = null; // the same key again is no spare
        _current = _primary;
    }

    /// <summary>None: a key may be any Azure resource's, so name its hosts at the handler.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; internal init; } = []; // an Azure Speech provider knows its resource's

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        new(Volatile.Read(ref _current));

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected)
    {
        if (rejected is null)
            throw new ArgumentNullException(nameof(rejected));

        var current = Volatile.Read(ref _current);
        if (_secondary is null || !string.Equals(current.Value, rejected.Value, StringComparison.Ordinal))
            return;

        Interlocked.CompareExchange(ref _current, ReferenceEquals(current, _primary) ? _secondary : _primary, current);
    }

    /// <summary>True when the response says 401, or gRPC's status 16; a 401 that is a page in HTML is a firewall's.</summary>
    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(StandardRejection.IsOfVendor(response));

    bool IPlacedRejections.MayBeRejected(HttpResponseMessage response, CredentialPlace place) =>
        StandardRejection.Is(response);

    ValueTask<bool> IPlacedRejections.IsRejectedAsync(
        HttpResponseMessage response,
        CredentialPlace place,
        CancellationToken cancellationToken
    ) => IsRejectedAsync(response, cancellationToken);

    /// <summary>Names the provider, and nothing else.</summary>
    public override string ToString() => nameof(SubscriptionKeyProvider);

    private static AccessToken Key(string? key, string parameterName) =>
        CredentialText.ErrorOfGiven(key) is { } error
            ? throw new ArgumentException($"The subscription key {error}.", parameterName)
            : new(key!);
}
