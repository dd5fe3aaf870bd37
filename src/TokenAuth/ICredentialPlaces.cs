namespace TokenAuth;

/// <summary>A provider whose vendor takes the credential in some places of a request and not in others. Wrappers forward it.</summary>
internal interface ICredentialPlaces
{
    /// <summary>The reason why the vendor does not take the credential there, and the place where it does; null when it may.</summary>
    string? ErrorOf(CredentialPlace place);
}
