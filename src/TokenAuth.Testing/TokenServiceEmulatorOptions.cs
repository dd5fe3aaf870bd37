using System.Net;

namespace TokenAuth.Testing;

/// <summary>The rules of the emulated services. The emulator reads them at every request, so a change applies from the next request.</summary>
public sealed class TokenServiceEmulatorOptions
{
    /// <summary>The clock of the emulated services. Token lifetimes and the <c>exp</c> of a JWT follow it.</summary>
    /// <value><see cref="TimeProvider.System"/> unless set.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// The address to listen on. Anybody who reaches the emulator gets its tokens. Use an address other than loopback only in
    /// a closed network, such as that of a compose file.
    /// </summary>
    /// <value><see cref="IPAddress.Loopback"/> unless set; <see cref="IPAddress.Any"/> for every address.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on.</summary>
    /// <value>0 to 65535; 0 picks a free port. 0 unless set.</value>
    public int Port { get; init; }

    /// <summary>The number of requests of each kind that the ledger keeps. It drops the oldest first.</summary>
    /// <value>From 0. A thousand unless set.</value>
    public int MaxRecordedRequests { get; init; } = 1_000;

    /// <summary>The VK Cloud project.</summary>
    public VkCloudEmulatorOptions VkCloud { get; } = new();

    /// <summary>The Azure Speech resource.</summary>
    public AzureSpeechEmulatorOptions AzureSpeech { get; } = new();
}
