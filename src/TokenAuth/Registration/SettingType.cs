namespace TokenAuth;

/// <summary>The type as which a setting's text is read.</summary>
internal enum SettingType
{
    Text,

    /// <summary>An absolute address.</summary>
    Address,

    /// <summary>A time as <c>hh:mm:ss</c>.</summary>
    Duration,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Switch,

    /// <summary>Several texts, one below each index.</summary>
    List,
}
