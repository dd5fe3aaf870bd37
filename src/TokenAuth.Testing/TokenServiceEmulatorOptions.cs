namespace TokenAuth.Testing;

/// <summary>What the emulator is like. Read at every request: what is changed while it runs holds from the next one.</summary>
public sealed class TokenServiceEmulatorOptions
{
    /// <summary>The clock of the emulated services: life of tokens, <c>exp</c> of a JWT.</summary>
    /// <value><see cref="TimeProvider.System"/> unless set.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The port of 127.0.0.1 to listen on.</summary>
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
