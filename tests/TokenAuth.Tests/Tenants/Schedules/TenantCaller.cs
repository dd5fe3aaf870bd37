using System.Globalization;

namespace TokenAuth.Tests.Tenants.Schedules;

/// <summary>Somebody who asks for a token of one tenant, and judges what comes by what held when the question began.</summary>
internal sealed class TenantCaller(ScheduledTenant tenant, DateTimeOffset now)
{
    private readonly CancellationTokenSource _gone = new();
    private readonly IReadOnlyCollection<string> _rejected = tenant.Rejected;
    private readonly int _oldestVersion = tenant.OldestVersion;
    private Task _asking = Task.CompletedTask;

    public ScheduledTenant Tenant => tenant;

    public AccessToken? Token { get; private set; }

    public Exception? Failure { get; private set; }

    public Tenant? Provider { get; private set; }

    /// <summary>Nothing more happens to the caller unless the database or the vendor answers.</summary>
    public bool IsAtRest =>
        _asking.IsCompleted || (!_gone.IsCancellationRequested && (tenant.IsResolving || tenant.IsAsked));

    public bool IsDone => _asking.IsCompleted;

    public void Ask(TenantProviders all, Tenant? held) => _asking = AskAsync(all, held);

    public void Cancel() => _gone.Cancel();

    /// <exception cref="Xunit.Sdk.XunitException">The caller got what is not theirs.</exception>
    public void Verify() => _asking.GetAwaiter().GetResult();

    private async Task AskAsync(TenantProviders all, Tenant? held)
    {
        try
        {
            Provider = held ?? await all.GetAsync(tenant.Name, _gone.Token).ConfigureAwait(false);
            Token = await Provider.GetTokenAsync(_gone.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            Failure = exception;
            Judge(exception);
            return;
        }

        Judge(Token);
        tenant.Last = Token;
    }

    private void Judge(AccessToken token)
    {
        var parts = token.Value.Split('-');
        Assert.True(parts[0] == tenant.Name, $"{tenant.Name} got {token.Value}.");
        Assert.True(
            int.Parse(parts[1], CultureInfo.InvariantCulture) >= _oldestVersion,
            $"{tenant.Name} got {token.Value} of a credential before {_oldestVersion}."
        );
        Assert.False(tenant.IsExpired(token, now), $"{token.Value} had expired when {tenant.Name} asked.");
        Assert.False(
            _rejected.Contains(token.Value) && tenant.IsRejected(token),
            $"{token.Value} had been rejected when {tenant.Name} asked."
        );
    }

    // Failures that a caller may see are those of the tenant's own database row and vendor.
    private void Judge(Exception exception) =>
        Assert.True(
            exception.Message.Contains($"'{tenant.Name}'", StringComparison.Ordinal)
                || exception.Message.Contains("took longer than 15 seconds", StringComparison.Ordinal),
            $"{tenant.Name} got {exception}"
        );
}
