using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenAuth;

/// <content>Takes changed options, or leaves them.</content>
internal sealed partial class ReloadingTokenProvider<TOptions>
{
    private void EndReloads()
    {
        lock (_reloading)
            _isDisposed = true;

        foreach (var watch in _watches)
            watch.Dispose();
    }

    private void Reload()
    {
        ServingProvider old;
        try
        {
            lock (_reloading)
            {
                var candidate = _settings.Read();
                _invalidSettings.Succeeds();
                if (_isDisposed || _isSame(_options, candidate))
                    return;
                if (_serving.Provider is IAdoptingProvider<TOptions> adopting && adopting.TryAdopt(candidate))
                {
                    _options = candidate;
                    TelemetryGuard.Emit(() => LogAdopted(_logger, _name));
                    return;
                }

                var next = _create(candidate);
                old = _serving;
                _options = candidate;
                Volatile.Write(ref _serving, new ServingProvider(next));
            }
        }
#pragma warning disable CA1031 // whatever binding, validation or a constructor throws: the last good options stay
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var errors = exception switch
            {
                OptionsValidationException wrong => SettingError.Lines([.. wrong.Failures]),
                ArgumentException wrong => wrong.Message,
                _ => exception.GetType().Name,
            };
            _invalidSettings.Fails(errors);
            TelemetryGuard.Emit(() => LogInvalidReload(_logger, _name, errors));
            return;
        }

        old.Replace();
        TelemetryGuard.Emit(() => LogReloaded(_logger, _name));
    }

    [LoggerMessage(
        5,
        LogLevel.Error,
        "The changed settings of token provider '{Provider}' are wrong, so the last good ones stay in use. {Errors}"
    )]
    private static partial void LogInvalidReload(ILogger logger, string provider, string errors);

    [LoggerMessage(
        6,
        LogLevel.Information,
        "The settings of token provider '{Provider}' changed; it starts anew with them."
    )]
    private static partial void LogReloaded(ILogger logger, string provider);

    [LoggerMessage(
        7,
        LogLevel.Information,
        "The settings of token provider '{Provider}' changed; its token stays in use."
    )]
    private static partial void LogAdopted(ILogger logger, string provider);
}
