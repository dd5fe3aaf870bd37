using System.CommandLine;
using System.Text.Json;

namespace TokenAuth.Tool;

/// <summary><c>tokenauth show</c>: settings, their places, and how the stored token stands. It calls no vendor.</summary>
internal sealed class ShowCommand(Terminal terminal, SettingsOptions settings, TimeProvider time)
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "One provider; all of them by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Create()
    {
        var command = new Command(
            "show",
            "Shows where each setting comes from, and the state of the stored token. Calls no vendor."
        )
        {
            _name,
        };
        command.SetAction(RunAsync);

        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var providers = ApplicationProviders.Open(settings.Read(parsed), parsed.GetValue(_name));
        await using var _ = providers.ConfigureAwait(false);
        var now = time.GetUtcNow();

        var shown = new List<(ProviderScope Scope, ShownToken Token)>();
        foreach (var scope in providers.All)
            shown.Add((scope, await ShownToken.OfAsync(scope, now, cancellationToken).ConfigureAwait(false)));
        var store = SettingErrors.Of(providers.Store.Errors, ToolCode.StoreWrong, providers.Settings).ToList();

        if (settings.IsJson(parsed))
            terminal.Output.WriteLine(Json(providers, store, shown, now));
        else
            new ShowReport(terminal.Report(), providers, now).Write(store, shown);

        return store.Count > 0 || shown.Exists(one => one.Scope.Errors.Count > 0 || one.Token.State == "store-fails")
            ? ExitStatus.Failed
            : ExitStatus.Well;
    }

    private static string Json(
        ApplicationProviders providers,
        List<Finding> store,
        List<(ProviderScope Scope, ShownToken Token)> shown,
        DateTimeOffset now
    ) =>
        JsonSerializer.Serialize(
            new ShowJson(
                ApplicationJson.Of(providers),
                FindingJson.Of(store),
                [
                    .. shown.Select(one => new ShownProviderJson(
                        one.Scope.Name,
                        one.Scope.Kind,
                        one.Token.State,
                        one.Token.ExpiresAt,
                        one.Token.ExpiresAt is { } end ? Moment.Seconds(end, now) : null,
                        one.Token.RequestedAt,
                        one.Token.Fingerprint,
                        one.Token.RefreshTokenFingerprint,
                        FindingJson.Of(SettingErrors.Of(one.Scope.Errors, ToolCode.SettingWrong, providers.Settings)),
                        SettingJson.Of(ShownSetting.Below(one.Scope.Section, providers.Settings))
                    )),
                ]
            ),
            ToolJson.Readable.ShowJson
        );
}
