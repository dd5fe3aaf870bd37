namespace TokenAuth;

/// <summary>The engine's decision for a caller: a token at once, else a renewal to wait for, or neither during a back-off pause.</summary>
/// <param name="HasBegun">Whether the renewal begins with this caller, who has to start it.</param>
internal readonly record struct Turn(AccessToken? Token, Renewal? Renewal, bool HasBegun);
