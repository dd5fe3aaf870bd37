using System.CommandLine;

namespace TokenAuth.Tool;

/// <summary>Permits what costs one of VK Cloud's 25 refresh tokens.</summary>
internal static class SpendOption
{
    public const string Name = "--spend-refresh-token";

    public static Option<bool> Create() =>
        new(Name)
        {
            Description =
                "Allows requests to VK Cloud although no store would keep the grant, and requests for a new grant, which takes one of the project's 25 refresh tokens.",
        };
}
