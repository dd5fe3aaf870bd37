using Microsoft.AspNetCore.SignalR;

namespace TokenAuth.ClientTests.SignalR;

internal sealed class EchoHub : Hub
{
#pragma warning disable CA1822 // SignalR calls instance methods
    public Task<string> Echo(string text) => Task.FromResult(text);
#pragma warning restore CA1822
}
