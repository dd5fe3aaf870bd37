namespace TokenAuth.Tool;

/// <summary>A provider's store before its vendor is asked: a store that is only readable loses the refresh token that a renewal spends.</summary>
internal sealed record StoreLook(bool IsReadable, bool IsWritable, IReadOnlyList<Finding> Findings)
{
    public const string HowToWrite =
        "Run tokenauth with the rights that the application has in its store; or leave the store out with --store none, and allow a new grant with "
        + SpendOption.Name
        + ".";

    public static async Task<StoreLook> IntoAsync(ProviderScope scope, CancellationToken cancellationToken)
    {
        if (scope.Engine is not { HasStore: true } engine)
            return new(IsReadable: false, IsWritable: false, []);

        var stored = await engine.ReadStoredAsync(cancellationToken).ConfigureAwait(false);
        if (!stored.HasRead)
            return new(
                IsReadable: false,
                IsWritable: false,
                [Fails(scope, "cannot be read", "Correct TokenAuth:Store, or leave the store out with --store none.")]
            );

        return !scope.IsVkCloud || await engine.CanStoreAsync(cancellationToken).ConfigureAwait(false)
            ? new(IsReadable: true, IsWritable: true, [])
            : new(IsReadable: true, IsWritable: false, [Fails(scope, "can be read, but not written", HowToWrite)]);
    }

    /// <summary>The failure that came up only while the vendor was asked.</summary>
    public static IReadOnlyList<Finding> After(ProviderScope scope) =>
        scope.Engine?.Snapshot().Store is null ? [] : [Fails(scope, "failed while a token was fetched", HowToWrite)];

    private static Finding Fails(ProviderScope scope, string how, string remedy) =>
        Finding.Of(
            ToolCode.StoreFails,
            TokenFindingSeverity.Error,
            $"The token store {how} for provider '{scope.Name}'. {scope.Engine!.Snapshot().Store?.Cause}",
            remedy
        );
}
