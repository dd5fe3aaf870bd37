namespace TokenAuth.Testing;

/// <summary>A client id of the emulated VK Cloud project. <see cref="ToString"/> does not show the secret.</summary>
public sealed class VkCloudClient
{
    /// <summary>The Voice client that the emulator knows unless told otherwise.</summary>
    public static VkCloudClient Voice { get; } =
        new("mcs0000000000.voice.emulator", "emulated-voice-secret", "tts", "asr_short", "asr_stream");

    /// <summary>The Vision client that the emulator knows unless told otherwise.</summary>
    public static VkCloudClient Vision { get; } =
        new("mcs0000000000.ml.vision.emulator", "emulated-vision-secret", "objects", "video", "persons");

    /// <summary>Makes a client whose tokens have the given scopes.</summary>
    public VkCloudClient(string clientId, string clientSecret, params string[] scopes)
    {
        ClientId = clientId;
        ClientSecret = clientSecret;
        Scopes = scopes;
    }

    /// <summary>The client id that the console shows.</summary>
    public string ClientId { get; }

    /// <summary>The secret, which the console shows once.</summary>
    public string ClientSecret { get; }

    /// <summary>The scopes of the client's access tokens.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <inheritdoc/>
    public override string ToString() => ClientId;
}
