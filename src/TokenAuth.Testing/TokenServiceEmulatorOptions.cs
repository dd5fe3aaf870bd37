using System.Net;

namespace TokenAuth.Testing;

/// <summary>The rules of the emulated services. The emulator reads them at every request, so that a change holds from the next request on.</summary>
public sealed class TokenServiceEmulatorOptions
{
    /// <summary>The clock of the emulated services: life of tokens, <c>exp</c> of a JWT.</summary>
    /// <value><see cref="TimeProvider.System"/> unless set.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The address to listen on. Anybody who reaches the emulator gets its tokens: another address than loopback is for a
    /// closed network, such as the one of a compose file.
    /// </summary>
    /// <value><see cref="IPAddress.Loopback"/> unless set; <see cref="IPAddress.Any"/> for every address.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on.</summary>
    /// <value>0 to 65535. 0, a free one, unless set.</value>
    public int Port { get; init; }

    /// <summary>How many requests of each kind the ledger keeps; older ones are forgotten.</summary>
    /// <value>From 0. A thousand unless set.</value>
    public int MaxRecordedRequests { get; init; } = 1_000;

    /// <summary>The VK Cloud project.</summary>
    public VkCloudEmulatorOptions VkCloud { get; } = new();

    /// <summary>The Azure Speech resource.</summary>
    public AzureSpeechEmulatorOptions AzureSpeech { get; } = new();
}
