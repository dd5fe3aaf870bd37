using System.Diagnostics;

namespace TokenAuth;

/// <summary>
/// One Azure Speech resource that is used with Microsoft Entra's tokens in place of a key. See
/// <see href="https://learn.microsoft.com/azure/ai-services/authentication">Authentication in Azure AI services</see>.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public class AzureSpeechEntraOptions
{
    /// <summary>The resource's custom domain as the portal shows it, for example <c>https://contoso.cognitiveservices.azure.com/</c>.</summary>
    /// <value>
    /// https; http on loopback, or where <see cref="AllowHttp"/> says so. Required for <see cref="EntraTokenForm.Plain"/> and
    /// <see cref="EntraTokenForm.Exchanged"/>; for <see cref="EntraTokenForm.Composite"/> this or <see cref="Region"/>. Null unless set.
    /// </value>
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// The resource's id, as the portal shows it under Properties:
    /// <c>/subscriptions/…/resourceGroups/…/providers/Microsoft.CognitiveServices/accounts/…</c>.
    /// </summary>
    /// <value>Required for <see cref="EntraTokenForm.Composite"/>; not used otherwise.</value>
    public string? ResourceId { get; set; }

    /// <summary>The resource's region, for example <c>westeurope</c>, whose hosts receive composite and exchanged tokens.</summary>
    /// <value>Lower-case letters and digits. Null unless set: the token goes to the custom domain alone.</value>
    public string? Region { get; set; }

    /// <summary>The form in which the token is sent.</summary>
    /// <value><see cref="EntraTokenForm.Composite"/> unless set.</value>
    public EntraTokenForm Form { get; set; }

    /// <summary>The scope for which the provider asks the credential.</summary>
    /// <value>
    /// Ends with <c>/.default</c>. Unless set, <c>https://cognitiveservices.azure.com/.default</c>, or that of the cloud of
    /// <see cref="Endpoint"/> or <see cref="Region"/>.
    /// </value>
    public string? Scope { get; set; }

    /// <summary>Lets <see cref="Endpoint"/> be http on another host than this machine: an Entra token then travels in the clear.</summary>
    /// <value>False unless set. True is a warning at each start.</value>
    public bool AllowHttp { get; set; }

    /// <summary>The name in messages, logs and metrics.</summary>
    /// <value>Not only white space. <c>AzureSpeechEntra</c> unless set; a registered provider has the name it is registered under.</value>
    public string ProviderName { get; set; } = "AzureSpeechEntra";

    /// <summary>The text before a property's name in a message about that property.</summary>
    internal string SettingPrefix { get; set; } = nameof(AzureSpeechEntraOptions) + ".";

    internal AzureSpeechEntraOptions Copy() => (AzureSpeechEntraOptions)MemberwiseClone();

    /// <summary>True when a reload changed nothing.</summary>
    internal bool IsSameAs(AzureSpeechEntraOptions other) =>
        (Endpoint, ResourceId, Region, Form, Scope, AllowHttp)
        == (other.Endpoint, other.ResourceId, other.Region, other.Form, other.Scope, other.AllowHttp);

    /// <summary>Names the form and the endpoint.</summary>
    public override string ToString() => $"AzureSpeechEntraOptions ({Form}, {SettingError.Shown(Endpoint)})";
}
