namespace TokenAuth;

/// <summary>
/// Nothing but the type whose validation stops a wrong start: each <c>IValidateOptions&lt;TokenAuthStartup&gt;</c> checks one
/// thing (provider options, names, placements). It has no change token, so a reload never throws through it.
/// </summary>
internal sealed class TokenAuthStartup;
