namespace TokenAuth;

/// <summary>Options of <c>ProbeAsync</c>: the steps that it may take besides asking the token endpoint.</summary>
public class TokenProbeOptions
{
    /// <summary>
    /// Allows the probe to ask VK Cloud for a new grant where no refresh token is known, or the known one is dead. Each costs one of the 25
    /// refresh tokens that VK Cloud allows a project.
    /// </summary>
    /// <value>False unless set: the probe then says what it did not try.</value>
    public bool MaySpendRefreshToken { get; set; }

    /// <summary>
    /// Makes the probe also make one harmless call of the service with the token: of Azure Speech, the list of voices, or with a plain Microsoft
    /// Entra token the languages of transcriptions.
    /// </summary>
    /// <value>False unless set.</value>
    public bool CallService { get; set; }
}
