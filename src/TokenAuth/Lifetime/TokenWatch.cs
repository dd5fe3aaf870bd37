using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TokenAuth;

/// <summary>
/// Asks a provider once a second and calls back when its token has changed. Polling instead of waiting for the instant of the
/// next renewal: it holds for any provider, and through failures, suspension, set clocks and changed settings alike.
/// </summary>
internal sealed partial class TokenWatch : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    private readonly ITokenProvider _provider;
    private readonly Func<AccessToken, CancellationToken, Task> _onToken;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly ITimer _timer;
    private readonly IDisposable? _stay;
    private readonly string _name;
    private readonly ILogger _logger;

    private int _isPolling; // the look that sets it owns what follows
    private int _isEnding;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private string? _delivered;

    private readonly Outage _noToken;
    private readonly Outage _notTaken;

    public TokenWatch(ITokenProvider provider, Func<AccessToken, CancellationToken, Task> onToken)
    {
        var engine = (provider as IRenewingProvider)?.Engine;
        _provider = provider;
        _onToken = onToken;
        _ended = _ending.Token;
        _name = engine?.ProviderName ?? provider.GetType().Name;
        _logger = engine?.Logger ?? NullLogger.Instance;
        var time = engine?.Time ?? TimeProvider.System;
        _noToken = new Outage(time);
        _notTaken = new Outage(time);
        _stay = (provider as IWatchedProvider)?.BeginWatch();
        _timer = CreateTimer(time);
    }

    public bool IsPolling => Volatile.Read(ref _isPolling) == 1;

    /// <summary>Asks for the token, unless the last look has not ended.</summary>
    public void Poll()
    {
        if (_ended.IsCancellationRequested || Interlocked.Exchange(ref _isPolling, 1) == 1)
            return;

        // The usual case: the token is at hand and known. Nothing is allocated.
        var asked = Ask();
        if (!asked.IsCompletedSuccessfully)
        {
            _ = WaitAndDeliverAsync(asked);
            return;
        }

        var token = asked.Result;
        if (token is null)
        {
            _ = WaitAndDeliverAsync(new ValueTask<AccessToken>(token!));
            return;
        }

        _noToken.Succeeds();
        if (string.Equals(token.Value, _delivered, StringComparison.Ordinal))
            Volatile.Write(ref _isPolling, 0);
        else
            _ = DeliverAsync(token);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 1)
            return;

        _timer.Dispose();
        _stay?.Dispose();
        _ending.Cancel();
        _ending.Dispose();
    }

    // The timer lives long and must not keep its maker's context alive.
    private ITimer CreateTimer(TimeProvider time)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Create();

        using (ExecutionContext.SuppressFlow())
            return Create();

        ITimer Create() => time.CreateTimer(static watch => ((TokenWatch)watch!).Poll(), this, _period, _period);
    }

#pragma warning disable CA1031 // whatever a provider or a callback throws: one failure must not end it
    private ValueTask<AccessToken> Ask()
    {
        try
        {
            return _provider.GetTokenAsync(_ended);
        }
        catch (Exception exception)
        {
            return new ValueTask<AccessToken>(Task.FromException<AccessToken>(exception));
        }
    }

    private async Task WaitAndDeliverAsync(ValueTask<AccessToken> asked)
    {
        try
        {
            var token =
                await asked.ConfigureAwait(false) ?? throw new TokenAcquisitionException("It returned no token.");
            _noToken.Succeeds();
            await DeliverAsync(token).ConfigureAwait(false);
        }
        catch (ObjectDisposedException) when (_provider is IRenewingProvider { Engine.HasEnded: true })
        {
            Dispose();
        }
        catch (Exception exception)
        {
            var cause = exception.GetType().Name;
            TelemetryGuard.Emit(() => cause = (exception as TokenAcquisitionException)?.Message ?? cause);
            if (!_ended.IsCancellationRequested && _noToken.Fails(cause))
                TelemetryGuard.Emit(() => LogNoToken(_logger, _name, cause));
            Volatile.Write(ref _isPolling, 0);
        }
    }

    private async Task DeliverAsync(AccessToken token)
    {
        try
        {
            if (!_ended.IsCancellationRequested && !string.Equals(token.Value, _delivered, StringComparison.Ordinal))
                await _onToken(token, _ended).ConfigureAwait(false);
            _delivered = token.Value;
            _notTaken.Succeeds();
        }
        catch (Exception exception)
        {
            // Its message may show the token.
            var cause = exception.GetType().Name;
            if (!_ended.IsCancellationRequested && _notTaken.Fails(cause))
                TelemetryGuard.Emit(() => LogNotTaken(_logger, _name, cause));
        }
        finally
        {
            Volatile.Write(ref _isPolling, 0);
        }
    }
#pragma warning restore CA1031

    [LoggerMessage(
        30,
        LogLevel.Warning,
        "KeepFresh has no token of provider '{Provider}' to hand on; it asks again every second. {Cause}"
    )]
    private static partial void LogNoToken(ILogger logger, string provider, string cause);

    [LoggerMessage(
        31,
        LogLevel.Warning,
        "A callback of KeepFresh for provider '{Provider}' threw {Exception}; it is called again with the same token every second until it takes it."
    )]
    private static partial void LogNotTaken(ILogger logger, string provider, string exception);
}
