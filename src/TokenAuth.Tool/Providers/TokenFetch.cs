namespace TokenAuth.Tool;

/// <summary>Takes a provider's token as the application would, but spends no refresh token of VK Cloud that no store would keep.</summary>
internal static class TokenFetch
{
    /// <exception cref="ToolException">There is none, or fetching it would cost what nobody has permitted.</exception>
    public static async Task<AccessToken> TokenAsync(
        ApplicationProviders providers,
        bool maySpend,
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
                $"Provider '{scope.Name}' is asked over the application's own signed-in client, which tokenauth does not have.",
                ExitStatus.Failed
            );
        if (scope.IsVkCloud && !maySpend)
            await RequireStoreAsync(scope, cancellationToken).ConfigureAwait(false);

        try
        {
            return await provider.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TokenAcquisitionException exception)
        {
            throw new ToolException(
                $"{exception.Message} Ask 'tokenauth doctor {scope.Name}' for more.",
                ExitStatus.Failed
            );
        }
    }

    private static async Task RequireStoreAsync(ProviderScope scope, CancellationToken cancellationToken)
    {
        var engine = scope.Engine!;
        var stored = await engine.ReadStoredAsync(cancellationToken).ConfigureAwait(false);
        if (stored.HasRead)
            return;

        throw new ToolException(
            (
                engine.HasStore
                    ? $"The token store cannot be read. {engine.Snapshot().Store?.Cause} "
                    : $"No store is said for provider '{scope.Name}'. "
            )
                + "VK Cloud was not asked, because whatever it grants would be lost with this command: say the application's store in "
                + $"TokenAuth:Store or with --store, or allow it with {SpendOption.Name}.",
            ExitStatus.Failed
        );
    }

    private static ToolException Wrong(IReadOnlyList<string> errors) =>
        new(string.Join(Environment.NewLine, errors), ExitStatus.Failed);
}
