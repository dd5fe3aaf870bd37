#if !NET
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace TokenAuth;

/// <summary>The properties of a SocketsHttpHandler: netstandard2.0 does not know the type, the runtime it is used on may.</summary>
internal static class SocketsHandler
{
    public static bool Is(HttpMessageHandler primary) =>
        primary.GetType() is { FullName: "System.Net.Http.SocketsHttpHandler" };

    /// <summary>Null for another handler too.</summary>
    public static object? Get(HttpMessageHandler primary, string property) =>
        Is(primary) ? Property(primary, property)?.GetValue(primary) : null;

    /// <exception cref="InvalidOperationException">It has sent requests already.</exception>
    public static void Set(HttpMessageHandler sockets, string property, object value)
    {
        try
        {
            Property(sockets, property)!.SetValue(sockets, value);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Capture(cause).Throw();
        }
    }

    private static PropertyInfo? Property(HttpMessageHandler sockets, string property) =>
        sockets.GetType().GetProperty(property, BindingFlags.Public | BindingFlags.Instance);
}
#endif
