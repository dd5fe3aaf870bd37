using System.Reflection;

namespace TokenAuth.Tests.Architecture;

/// <summary>Writes a type as C# does, with its nullable annotations and without its namespace.</summary>
internal static class TypeName
{
    private static readonly NullabilityInfoContext _nullability = new(); // guarded by itself

    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string Of(ParameterInfo parameter) => Locked(() => Of(_nullability.Create(parameter)));

    public static string Of(PropertyInfo property) => Locked(() => Of(_nullability.Create(property)));

    public static string Of(FieldInfo field) => Locked(() => Of(_nullability.Create(field)));

    public static string Of(Type type) =>
        _keywords.TryGetValue(type, out var keyword) ? keyword
        : Nullable.GetUnderlyingType(type) is { } underlying ? Of(underlying) + "?"
        : type.IsArray ? Of(type.GetElementType()!) + "[]"
        : type.IsGenericType ? Generic(type, type.GetGenericArguments().Select(Of))
        : type.Name;

    private static string Of(NullabilityInfo info)
    {
        var isNullable = info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable;
        var name =
            info.Type.IsArray ? Of(info.ElementType!) + "[]"
            : info.Type.IsGenericType && Nullable.GetUnderlyingType(info.Type) is null
                ? Generic(info.Type, info.GenericTypeArguments.Select(Of))
            : Of(info.Type);

        return isNullable && !info.Type.IsValueType ? name + "?" : name;
    }

    private static string Generic(Type type, IEnumerable<string> arguments) =>
        $"{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>";

    private static string Locked(Func<string> write)
    {
        lock (_nullability)
            return write();
    }
}
