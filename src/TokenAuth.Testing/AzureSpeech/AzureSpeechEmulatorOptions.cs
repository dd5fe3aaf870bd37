using System.Net;

namespace TokenAuth.Testing;

/// <summary>The emulated Azure Speech resource.</summary>
public sealed class AzureSpeechEmulatorOptions
{
    /// <summary>
    /// The region of the resource. If the <c>Host</c> of a request names another region, the emulator refuses it with the text
    /// for a wrong key. 127.0.0.1 and localhost name no region.
    /// </summary>
    /// <value><c>westeurope</c> unless set.</value>
    public string Region { get; init; } = "westeurope";

    /// <summary>The first of the two keys at start.</summary>
    public string PrimaryKey { get; init; } = "emulated-primary-key";

    /// <summary>The second of the two keys at start.</summary>
    public string SecondaryKey { get; init; } = "emulated-secondary-key";

    /// <summary>The resource's id, which a composite Microsoft Entra token names.</summary>
    public string ResourceId { get; init; } =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/emulated/providers/Microsoft.CognitiveServices/accounts/emulated";

    /// <summary>The time for which the resource accepts a token. The JWT's <c>exp</c> follows it.</summary>
    /// <value>Ten minutes unless set.</value>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The JSON type of <c>exp</c>: a number or, as in older tokens, a string.</summary>
    /// <value>A number unless set.</value>
    public AzureSpeechExpiryShape ExpiryShape { get; set; } = AzureSpeechExpiryShape.Number;

    /// <summary>The JSON type of <c>aud</c> and <c>scope</c>: a string or an array.</summary>
    /// <value>Strings unless set.</value>
    public AzureSpeechClaimShape ClaimShape { get; set; } = AzureSpeechClaimShape.Text;

    /// <summary>The form in which Azure words the refusal of a key.</summary>
    /// <value>As the gateway words it, <c>{"error":{"code":"401","message":…}}</c>, unless set.</value>
    public AzureSpeechErrorShape ErrorShape { get; set; } = AzureSpeechErrorShape.Gateway;

    /// <summary>The status with which the data endpoints refuse a token that is wrong or has expired.</summary>
    /// <value>401 unless set. Older services answer 403 to an expired token.</value>
    public HttpStatusCode RejectionStatusCode { get; set; } = HttpStatusCode.Unauthorized;
}
