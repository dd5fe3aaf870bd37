namespace TokenAuth.Tool;

/// <summary>Looks at one provider: its settings, its store, and what its token endpoint says.</summary>
internal sealed class Diagnosis(ApplicationProviders providers, TokenProbeOptions request)
{
    private const string HowToKeep =
        "Name the application's store in TokenAuth:Store or with --store, so that the grant is kept; or allow its loss with "
        + SpendOption.Name
        + ".";

    public async Task<ProviderDiagnosis> OfAsync(ProviderScope scope, CancellationToken cancellationToken)
    {
        var diagnosis = new ProviderDiagnosis
        {
            Name = scope.Name,
            Kind = scope.Kind,
            Findings = [.. SettingErrors.Of(scope.Errors, ToolCode.SettingWrong, providers.Settings)],
            Settings = ShownSetting.Below(scope.Section, providers.Settings),
        };
        if (scope.Provider is not { } provider)
            return diagnosis;

        var store = await StoreLook.IntoAsync(scope, cancellationToken).ConfigureAwait(false);
        if (WhyNotAsked(scope, store) is { } notAsked)
            return diagnosis with { Findings = [.. store.Findings, notAsked] };

        var report = await provider.ProbeAsync(request, cancellationToken).ConfigureAwait(false);
        var storeFindings = store.Findings.Count > 0 ? store.Findings : StoreLook.After(scope);

        return diagnosis with
        {
            Findings = [.. storeFindings, .. report.Findings.Select(Finding.Of), .. SignIn(scope)],
            Works = report.Works,
            ExpiresAt = report.ExpiresAt,
            Duration = report.Duration,
        };
    }

    private static IEnumerable<Finding> SignIn(ProviderScope scope) =>
        scope.CredentialError is { } error
            ?
            [
                Finding.Of(
                    ToolCode.EntraSignIn,
                    TokenFindingSeverity.Information,
                    $"tokenauth uses DefaultAzureCredential, the sign-in of the user who runs it, which gave no token: {error.Split('\n')[0].Trim()}",
                    "Sign in with 'az login', or set the AZURE_… variables of the identity that the application has."
                ),
            ]
            : [];

    private Finding? WhyNotAsked(ProviderScope scope, StoreLook store)
    {
        if (scope.NeedsApplicationsClient)
            return Finding.Of(
                ToolCode.ApplicationsClient,
                TokenFindingSeverity.Information,
                $"Provider '{scope.Name}' fetches its token with the application's own signed-in client, which tokenauth does not have. tokenauth did not ask it.",
                "Call ProbeAsync in the application."
            );
        if (!scope.IsVkCloud || store.IsWritable)
            return null;
        if (store.IsReadable)
            return Finding.Of(
                ToolCode.NoStore,
                TokenFindingSeverity.Information,
                $"tokenauth did not ask VK Cloud for provider '{scope.Name}': that would spend the refresh token in the store, and the new one would be lost when this command ends.",
                StoreLook.HowToWrite
            );
        if (request.MaySpendRefreshToken)
            return null;

        return Finding.Of(
            ToolCode.NoStore,
            TokenFindingSeverity.Information,
            $"tokenauth did not ask VK Cloud for provider '{scope.Name}': without a readable store, the grant would be lost when this command ends.",
            HowToKeep
        );
    }
}
