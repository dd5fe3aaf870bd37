namespace TokenAuth;

/// <summary>A held lease of <see cref="RedisTokenStore"/>, and what was in the record's place when it was taken.</summary>
internal sealed class RedisTokenLease(RedisRecords records, RedisReturns returns, RedisOwner owner, RedisPlace place)
    : ITokenLease
{
    private RedisPlace _place = place;

    public TokenRecord? Record => _place.Record;

    public async ValueTask WriteAsync(TokenRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        _place = await records.WriteAsync(owner, _place.Content, record, cancellationToken).ConfigureAwait(false);
        owner.TryEnd();
    }

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        _place = await records.RemoveAsync(owner, _place.Content, cancellationToken).ConfigureAwait(false);
        owner.TryEnd();
    }

    public async ValueTask DisposeAsync()
    {
        if (owner.TryEnd())
            await returns.GiveBackAsync(owner).ConfigureAwait(false);
    }
}
