namespace TokenAuth.Tool;

/// <summary>Takes a provider's token as the application would, but spends no refresh token of VK Cloud that no store would keep.</summary>
internal static class TokenFetch
{
    /// <param name="isRenewed">Whether the provider goes on to renew the token while a command runs.</param>
    /// <exception cref="ToolException">There is none, or fetching it would cost what nobody has permitted.</exception>
    public static async Task<AccessToken> TokenAsync(
        ApplicationProviders providers,
        bool maySpend,
        bool isRenewed,
        CancellationToken cancellationToken
    )
    {
        var scope = providers.All.Single();
        if (providers.Store.Errors.Count > 0)
            throw Wrong(providers.Store.Errors);
        if (scope.Provider is not { } provider)
            throw Wrong(scope.Errors);
        if (scope.NeedsApplicationsClient)
            throw new ToolException(
                $"Provider '{scope.Name}' fetches its token with the application's own signed-in client, which tokenauth does not have.",
                ExitStatus.Failed
            );
        if (scope.IsVkCloud)
            await RequireStoreAsync(scope, maySpend, isRenewed, cancellationToken).ConfigureAwait(false);

        try
        {
            return await provider.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TokenAcquisitionException exception)
        {
            throw new ToolException(
                $"{exception.Message} Run 'tokenauth doctor {scope.Name}' for more.",
                ExitStatus.Failed
            );
        }
    }

    private static async Task RequireStoreAsync(
        ProviderScope scope,
        bool maySpend,
        bool isRenewed,
        CancellationToken cancellationToken
    )
    {
        var engine = scope.Engine!;
        var stored = await engine.ReadStoredAsync(cancellationToken).ConfigureAwait(false);
        if (!stored.HasRead && !maySpend)
            throw NothingKeepsIt(scope.Name, engine);
        if (!stored.HasRead || (stored.State == TokenState.Fresh && !isRenewed))
            return;

        if (!await engine.CanStoreAsync(cancellationToken).ConfigureAwait(false))
            throw new ToolException(
                $"The token store can be read, but not written. {engine.Snapshot().Store?.Cause} tokenauth did not ask VK Cloud, because that would spend the refresh token "
                    + $"in the store, and the new one would be lost when this command ends. {StoreLook.HowToWrite}",
                ExitStatus.Failed
            );
    }

    private static ToolException NothingKeepsIt(string name, CachedTokenProvider engine) =>
        new(
            (
                engine.HasStore
                    ? $"The token store cannot be read. {engine.Snapshot().Store?.Cause} "
                    : $"No store is named for provider '{name}'. "
            )
                + "tokenauth did not ask VK Cloud, because the grant would be lost when this command ends: name the application's store in "
                + $"TokenAuth:Store or with --store, or allow the loss with {SpendOption.Name}.",
            ExitStatus.Failed
        );

    private static ToolException Wrong(IReadOnlyList<string> errors) =>
        new(string.Join(Environment.NewLine, errors), ExitStatus.Failed);
}
