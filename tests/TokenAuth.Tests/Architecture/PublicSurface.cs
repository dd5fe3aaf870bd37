using System.Reflection;
using PublicApiGenerator;

namespace TokenAuth.Tests.Architecture;

/// <summary>What assemblies offer to others, as C# that a reader can compare.</summary>
internal static class PublicSurface
{
    private static readonly ApiGeneratorOptions _options = new()
    {
        IncludeAssemblyAttributes = false,
        // The extension methods stand in namespaces of Microsoft, which the generator leaves out unless told.
        DenyNamespacePrefixes = [],
        // What a debugger shows is promised to nobody.
        ExcludeAttributes =
        [
            "System.Diagnostics.DebuggerBrowsableAttribute",
            "System.Diagnostics.DebuggerDisplayAttribute",
            "System.Diagnostics.DebuggerTypeProxyAttribute",
        ],
    };

    public static string Of(params Assembly[] assemblies) => string.Join('\n', assemblies.Select(Of));

    private static string Of(Assembly assembly) =>
        $"// Package {assembly.GetName().Name}\n{assembly.GeneratePublicApi(_options).ReplaceLineEndings("\n")}\n";
}
