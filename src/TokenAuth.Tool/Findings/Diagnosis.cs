namespace TokenAuth.Tool;

/// <summary>Looks at one provider: its settings, its store, and what its token endpoint says.</summary>
internal sealed class Diagnosis(ApplicationProviders providers, TokenProbeOptions request)
{
    private const string HowToKeep =
        "Say the application's store in TokenAuth:Store or with --store, so that the grant is kept; or allow it with "
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

        var (isReadable, storeFindings) = await LookIntoStoreAsync(scope, cancellationToken).ConfigureAwait(false);
        if (WhyNotAsked(scope, isReadable) is { } notAsked)
            return diagnosis with { Findings = [.. storeFindings, notAsked] };

        var report = await provider.ProbeAsync(request, cancellationToken).ConfigureAwait(false);

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
                    $"tokenauth uses DefaultAzureCredential, the sign-in of whoever runs it. It says: {error.Split('\n')[0].Trim()}",
                    "Sign in with 'az login', or set the AZURE_… variables of the identity that the application has."
                ),
            ]
            : [];

    private static async Task<(bool IsReadable, IEnumerable<Finding> Findings)> LookIntoStoreAsync(
        ProviderScope scope,
        CancellationToken cancellationToken
    )
    {
        if (scope.Engine is not { HasStore: true } engine)
            return (false, []);

        var stored = await engine.ReadStoredAsync(cancellationToken).ConfigureAwait(false);

        return stored.HasRead
            ? (true, [])
            : (
                false,
                [
                    Finding.Of(
                        ToolCode.StoreFails,
                        TokenFindingSeverity.Error,
                        $"The token store cannot be read for provider '{scope.Name}'. {engine.Snapshot().Store?.Cause}",
                        "Correct TokenAuth:Store, or look with --store none."
                    ),
                ]
            );
    }

    private Finding? WhyNotAsked(ProviderScope scope, bool isStoreReadable)
    {
        if (scope.NeedsApplicationsClient)
            return Finding.Of(
                ToolCode.ApplicationsClient,
                TokenFindingSeverity.Information,
                $"Provider '{scope.Name}' is asked over the application's own signed-in client, which tokenauth does not have, so it was not asked.",
                "Call ProbeAsync in the application."
            );
        if (!scope.IsVkCloud || isStoreReadable || request.MaySpendRefreshToken)
            return null;

        return Finding.Of(
            ToolCode.NoStore,
            TokenFindingSeverity.Information,
            $"VK Cloud was not asked for provider '{scope.Name}': without a store that can be read, whatever it grants would be lost with this command.",
            HowToKeep
        );
    }
}
