namespace TokenAuth;

internal enum RequestVerdict
{
    /// <summary>The request gets the credential.</summary>
    Place,

    /// <summary>The request goes out unchanged.</summary>
    LeaveAlone,

    /// <summary>The request must not be sent.</summary>
    Refuse,
}
