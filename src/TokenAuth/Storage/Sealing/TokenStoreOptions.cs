using System.Diagnostics;
using System.Text.Json.Serialization;

namespace TokenAuth;

/// <summary>The options that every persistent store has: the keys that seal its records.</summary>
public abstract class TokenStoreOptions
{
    /// <summary>The key with which the store seals every record that it writes, with AES-256-GCM (NIST SP 800-38D).</summary>
    /// <value>
    /// 32 bytes in base64, as <c>openssl rand -base64 32</c> prints them. Null unless set. Without a key the store works only
    /// with <see cref="AllowUnencrypted"/>.
    /// </value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? EncryptionKey { get; set; }

    /// <summary>
    /// Keys that open records and seal none. To change the key without losing a grant, first add the new key here in every
    /// process. Then make it the <see cref="EncryptionKey"/> and put the old key here. At last remove the old key.
    /// </summary>
    /// <value>Each 32 bytes in base64. Empty unless set.</value>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
#pragma warning disable CA2227 // an application may as well assign a whole list
    public ICollection<string> PreviousEncryptionKeys { get; set; } = [];
#pragma warning restore CA2227

    /// <summary>
    /// Lets the store read records that are not encrypted, and write such records where <see cref="EncryptionKey"/> is not set.
    /// </summary>
    /// <value>False unless set. While it is false, a store without a key refuses to start.</value>
    public bool AllowUnencrypted { get; set; }
}
