using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace TokenAuth.Tests.Tenants;

/// <summary>Tenants that are forgotten by several callers at once, and over a store that takes its time.</summary>
public sealed class TenantForgettingTests
{
    private readonly ScriptedStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removal_that_hangs_is_left_after_23_seconds()
    {
        await using var scene = new TenantScene(store: _store);
        await scene.SendAsync("a", cancel: Cancel);
        var never = new TaskCompletionSource();
        _store.Before = (operation, _) => operation == "remove" ? never.Task : Task.CompletedTask;

        var forgetting = scene.Tenants.ForgetAsync("speech", "a", removeRecord: true, Cancel).AsTask();
        var sending = scene.SendAsync("a", cancel: Cancel);
        await scene.Time.AdvanceUntilAsync(sending, TimeSpan.FromSeconds(23), maxSteps: 10);
        var error = await Assert.ThrowsAsync<TokenStoreException>(() => forgetting);

        Assert.Equal(HttpStatusCode.OK, await sending);
        Assert.Equal(
            "Removing the grant of a tenant of token provider 'speech' took longer than 23 seconds. Check the token store, and forget the tenant again.",
            error.Message
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callers_wait_for_the_removal_although_another_call_forgets_the_tenant_meanwhile(bool isRemoval)
    {
        await using var scene = new TenantScene(store: _store);
        var provider = await scene.Tenants.GetAsync("speech", "a", Cancel);
        var old = await provider.GetTokenAsync(Cancel);
        var mayRemove = new TaskCompletionSource();
        var removing = new TaskCompletionSource();
        var removals = 0;
        _store.Before = (operation, _) =>
        {
            if (operation != "remove" || ++removals > 1)
                return Task.CompletedTask;
            removing.SetResult();
            return mayRemove.Task;
        };

        var first = scene.Tenants.ForgetAsync("speech", "a", removeRecord: true, Cancel).AsTask();
        await removing.Task;
        await scene.Tenants.ForgetAsync("speech", "a", isRemoval, Cancel);
        var asking = provider.GetTokenAsync(Cancel).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() =>
            scene.Time.AdvanceUntilAsync(asking, TimeSpan.FromTicks(1), maxSteps: 0)
        );
        mayRemove.SetResult();
        await first;
        var token = await asking;

        Assert.NotEqual(old.Value, token.Value);
        Assert.Equal(token.Value, _store.Record!.Grant.AccessToken.Value);
    }

    [Fact]
    public async Task A_removal_waits_for_the_grant_that_another_call_still_stores()
    {
        await using var scene = new TenantScene(store: _store);
        _store.FailAt("write");
        await scene.SendAsync("a", cancel: Cancel);
        var mayWrite = new TaskCompletionSource();
        var writing = new TaskCompletionSource();
        _store.Before = (operation, _) =>
        {
            if (operation != "write")
                return Task.CompletedTask;
            writing.TrySetResult();
            return mayWrite.Task;
        };

        var first = scene.Tenants.ForgetAsync("speech", "a", cancellationToken: Cancel).AsTask();
        await writing.Task;
        var second = scene.Tenants.ForgetAsync("speech", "a", removeRecord: true, Cancel).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() =>
            scene.Time.AdvanceUntilAsync(second, TimeSpan.FromTicks(1), maxSteps: 0)
        );
        mayWrite.SetResult();
        await Task.WhenAll(first, second);

        Assert.Null(_store.Record);
    }
}
