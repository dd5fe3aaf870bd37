namespace TokenAuth;

/// <summary>
/// A provider that obtains its tokens with a subscription key and can hand out the key itself, with the same memory of
/// which of two keys works. <see cref="ITokenProvider.Invalidate"/> on it switches keys.
/// </summary>
internal interface ISubscriptionKeySource
{
    /// <summary>Always the same one, also over changes of the provider's options.</summary>
    ITokenProvider SubscriptionKey { get; }
}
