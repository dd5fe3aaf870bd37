namespace TokenAuth;

/// <summary>
/// The subscription key of the provider behind a wrapper. The wrapper's overrides of the hosts and of the rejection rule are asked for it as they
/// are for the token; what they inherit answers for the key then. The key itself passes no override.
/// </summary>
internal sealed class DelegatedKey(DelegatingTokenProvider wrapper, ITokenProvider key)
    : ITokenProvider,
        ITokenAudience,
        ILateAudience
{
    [ThreadStatic]
    private static DelegatedKey? _hostsOf; // a property is read on one thread

    private static readonly AsyncLocal<DelegatedKey?> _ruleOf = new(); // an override may await before it asks its base

    private readonly DelegatingTokenProvider _wrapper = wrapper;
    private readonly ITokenAudience? _audience = key as ITokenAudience;

    public IReadOnlyCollection<string> AllowedHosts
    {
        get
        {
            var outer = _hostsOf;
            _hostsOf = this;
            try
            {
                return _wrapper.AllowedHosts;
            }
            finally
            {
                _hostsOf = outer;
            }
        }
    }

    public bool HostsComeWithTokens => key is ILateAudience { HostsComeWithTokens: true };

    /// <summary>The hosts that a wrapper inherits at this moment: the key's while they are asked for, else the inner provider's.</summary>
    public static ITokenAudience? HostsOf(DelegatingTokenProvider wrapper, ITokenAudience? inner) =>
        AudienceOf(_hostsOf, wrapper, inner);

    /// <summary>The rejection rule that a wrapper inherits at this moment.</summary>
    public static ITokenAudience? RuleOf(DelegatingTokenProvider wrapper, ITokenAudience? inner) =>
        AudienceOf(_ruleOf.Value, wrapper, inner);

    public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) =>
        key.GetTokenAsync(cancellationToken);

    public void Invalidate(AccessToken rejected) => key.Invalidate(rejected);

    public async ValueTask<bool> IsRejectedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        _ruleOf.Value = this; // until this method returns

        return await _wrapper.IsRejectedAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private static ITokenAudience? AudienceOf(
        DelegatedKey? asked,
        DelegatingTokenProvider wrapper,
        ITokenAudience? inner
    ) => ReferenceEquals(asked?._wrapper, wrapper) ? asked!._audience : inner;
}
