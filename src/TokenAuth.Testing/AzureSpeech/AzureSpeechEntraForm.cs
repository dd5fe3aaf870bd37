namespace TokenAuth.Testing;

/// <summary>The form in which an endpoint takes a Microsoft Entra token.</summary>
internal enum AzureSpeechEntraForm
{
    /// <summary>The token itself.</summary>
    Plain,

    /// <summary><c>aad#resource id#token</c>.</summary>
    Composite,
}
