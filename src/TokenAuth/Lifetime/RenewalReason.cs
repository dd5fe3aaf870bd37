namespace TokenAuth;

/// <summary>The reasons for a renewal, in the words of the metrics.</summary>
internal static class RenewalReason
{
    public const string First = "first";
    public const string Early = "early";
    public const string Due = "due";
    public const string Expired = "expired";
    public const string Rejected = "rejected";
    public const string Probe = "probe";
}
