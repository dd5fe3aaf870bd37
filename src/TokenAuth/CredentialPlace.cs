namespace TokenAuth;

/// <summary>The place of a request that a credential goes to.</summary>
internal enum CredentialPlace
{
    /// <summary><c>Authorization: Bearer …</c></summary>
    BearerHeader,

    /// <summary><c>Ocp-Apim-Subscription-Key: …</c></summary>
    KeyHeader,

    /// <summary><c>?oauth_token=…</c></summary>
    Query,
}
