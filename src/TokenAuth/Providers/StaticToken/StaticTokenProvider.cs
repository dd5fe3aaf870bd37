using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// Hands out one fixed token, such as a VK Cloud service token, which the console issues once and which does not expire. A refusal
/// changes nothing: there is no other token.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class StaticTokenProvider : ITokenProvider, ITokenAudience
{
    private readonly AccessToken _token;

    /// <summary>Hands out this token.</summary>
    /// <exception cref="ArgumentException">
    /// The token is empty, longer than 16 384 characters, or has a character outside U+0021…U+007E.
    /// </exception>
    public StaticTokenProvider(string token) => _token = new AccessToken(token);

    /// <summary>None: a fixed token may be anybody's, so name its hosts at the handler.</summary>
    public IReadOnlyCollection<string> AllowedHosts => [];

    /// <inheritdoc/>
    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) => new(_token);

    /// <inheritdoc/>
    public void Invalidate(AccessToken rejected) { }

    /// <inheritdoc/>
    public ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(false);

    /// <summary>Names the provider, and nothing else.</summary>
    public override string ToString() => nameof(StaticTokenProvider);
}
