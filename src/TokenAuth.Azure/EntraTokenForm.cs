namespace TokenAuth;

/// <summary>
/// The three forms in which Azure AI Speech takes a Microsoft Entra token. See
/// <see href="https://learn.microsoft.com/azure/ai-services/speech-service/how-to-configure-azure-ad-auth">Microsoft Entra authentication with the Speech SDK</see>.
/// </summary>
public enum EntraTokenForm
{
    /// <summary>
    /// <c>aad#resource id#token</c>: for synthesis, the list of voices, and short audio, at the region's hosts and at the custom domain. Never
    /// for a browser: it is as strong as the credential's own token.
    /// </summary>
    Composite,

    /// <summary>The token itself: for <c>/speechtotext/…</c> at the custom domain alone. Never for a browser.</summary>
    Plain,

    /// <summary>
    /// Exchanged at the custom domain's <c>issueToken</c> for Azure Speech's own ten-minute token, which you may give to a browser. Azure does not
    /// document this exchange; public clients rely on it.
    /// </summary>
    Exchanged,
}
