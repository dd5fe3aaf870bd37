namespace TokenAuth;

/// <summary>A provider whose vendor takes the credential in some places of a request and not in others. Wrappers forward it.</summary>
internal interface ICredentialPlaces
{
    /// <summary>Why the vendor does not take it there, and where it does; null where it may.</summary>
    string? ErrorOf(CredentialPlace place);
}
