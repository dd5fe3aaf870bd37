namespace TokenAuth;

/// <summary>A provider whose tokens belong to the user who is signed in, and not to the application.</summary>
internal interface IUserTokenProvider;
