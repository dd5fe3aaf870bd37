using System.CommandLine;
using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary><c>tokenauth doctor</c>: does it work, and if not, why?</summary>
internal sealed class DoctorCommand(Terminal terminal, SettingsOptions settings, TimeProvider time)
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "One provider; all of them by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _spend = SpendOption.Create();
    private readonly Option<bool> _callService = new("--call-service")
    {
        Description = "Also calls the service with the token, harmlessly: of Azure Speech, the list of voices.",
    };

    public Command Create()
    {
        var command = new Command("doctor", "Asks each token endpoint once and says what is wrong and what to do.")
        {
            _name,
            _spend,
            _callService,
        };
        command.SetAction(RunAsync);

        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var providers = ApplicationProviders.Open(settings.Read(parsed), parsed.GetValue(_name));
        await using var _ = providers.ConfigureAwait(false);
        var request = new TokenProbeOptions
        {
            MaySpendRefreshToken = parsed.GetValue(_spend),
            CallService = parsed.GetValue(_callService),
        };

        var diagnoses = await DiagnoseAsync(providers, request, cancellationToken).ConfigureAwait(false);
        var store = SettingErrors.Of(providers.Store.Errors, ToolCode.StoreWrong, providers.Settings).ToList();

        if (settings.IsJson(parsed))
            terminal.Output.WriteLine(DoctorJson.Of(providers, store, diagnoses, time.GetUtcNow()));
        else
            new DoctorReport(terminal.Report(), providers, time.GetUtcNow()).Write(store, diagnoses);

        return store.Exists(finding => finding.IsTrouble) || diagnoses.Any(diagnosis => diagnosis.HasTrouble)
            ? ExitStatus.Failed
            : ExitStatus.Well;
    }

    private async Task<ProviderDiagnosis[]> DiagnoseAsync(
        ApplicationProviders providers,
        TokenProbeOptions request,
        CancellationToken cancellationToken
    )
    {
        var diagnosis = new Diagnosis(providers, request);
        Task<ProviderDiagnosis[]> AllAsync() =>
            Task.WhenAll(providers.All.Select(scope => diagnosis.OfAsync(scope, cancellationToken)));

        return terminal.Progress() is { } progress
            ? await progress
                .Status()
                .StartAsync($"Asking {Markup.Escape(Names(providers))} …", _ => AllAsync())
                .ConfigureAwait(false)
            : await AllAsync().ConfigureAwait(false);
    }

    private static string Names(ApplicationProviders providers) =>
        string.Join(", ", providers.All.Select(scope => scope.Name));
}
