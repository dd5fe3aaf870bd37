using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace TokenAuth.Tests.Architecture;

/// <summary>Writes what an assembly offers to others, as C# that a reader can compare.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static string Of(params Assembly[] assemblies)
    {
        var text = new StringBuilder();
        foreach (var assembly in assemblies)
        {
            text.Append(CultureInfo.InvariantCulture, $"// Package {assembly.GetName().Name}\n\n");
            foreach (
                var types in assembly
                    .GetExportedTypes()
                    .OrderBy(type => type.FullName, StringComparer.Ordinal)
                    .GroupBy(type => type.Namespace)
                    .OrderBy(types => types.Key, StringComparer.Ordinal)
            )
            {
                text.Append(CultureInfo.InvariantCulture, $"namespace {types.Key};\n");
                foreach (var type in types)
                    Write(text, type);
                text.Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n') + '\n';
    }

    private static void Write(StringBuilder text, Type type)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{Kind(type)} {TypeName.Of(type)}{Bases(type)}\n");
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    {name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}\n"
                );
            return;
        }

        foreach (
            var member in type.GetMembers(Declared)
                .Where(member => IsOffered(type, member))
                .OrderBy(Rank)
                .ThenBy(member => member.Name, StringComparer.Ordinal)
                .ThenBy(Text, StringComparer.Ordinal)
                .Select(Text)
        )
            text.Append(CultureInfo.InvariantCulture, $"    {member}\n");
    }

    private static string Kind(Type type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Bases(Type type)
    {
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces()
            .Where(i => i.IsVisible && !inherited.Contains(i) && !type.IsEnum)
            .OrderBy(i => i.Name, StringComparer.Ordinal)
            .Prepend(type.BaseType)
            .OfType<Type>()
            .Where(b => b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum))
            .Select(TypeName.Of)
            .ToList();

        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static bool IsOffered(Type type, MemberInfo member) =>
        member switch
        {
            ConstructorInfo constructor => IsOffered(type, constructor),
            MethodInfo method => !method.IsSpecialName && IsOffered(type, method),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => IsOffered(type, accessor)),
            FieldInfo field => !field.IsSpecialName && (field.IsPublic || (field.IsFamily && !type.IsSealed)),
            EventInfo => true,
            _ => false,
        };

    private static bool IsOffered(Type type, MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !type.IsSealed);

    private static int Rank(MemberInfo member) =>
        member switch
        {
            FieldInfo => 0,
            ConstructorInfo => 1,
            PropertyInfo => 2,
            _ => 3,
        };

    private static string Text(MemberInfo member) =>
        member switch
        {
            ConstructorInfo constructor => $"{TypeName.Of(constructor.DeclaringType!)}({Parameters(constructor)})",
            MethodInfo method =>
                $"{Modifiers(method)}{TypeName.Of(method.ReturnParameter)} {method.Name}{Generics(method)}({Parameters(method)})",
            PropertyInfo property =>
                $"{Modifiers(property)}{TypeName.Of(property)} {property.Name} {Accessors(property)}",
            FieldInfo { IsLiteral: true } constant =>
                $"const {TypeName.Of(constant)} {constant.Name} = {Literal(constant.GetRawConstantValue())}",
            FieldInfo field =>
                $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{TypeName.Of(field)} {field.Name}",
            _ => member.ToString()!,
        };

    private static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface
            ? ""
            : (method.IsFamily ? "protected " : "")
                + (
                    method.IsStatic ? "static "
                    : method.GetBaseDefinition() != method ? "override "
                    : method.IsAbstract ? "abstract "
                    : method is { IsVirtual: true, IsFinal: false } ? "virtual "
                    : ""
                );

    private static string Modifiers(PropertyInfo property) =>
        (
            property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute")
                ? "required "
                : ""
        ) + Modifiers(property.GetAccessors(nonPublic: true)[0]);

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName.Of))}>" : "";

    private static string Accessors(PropertyInfo property)
    {
        var get = property.GetMethod is { IsPublic: true } or { IsFamily: true } ? "get; " : "";
        var isInit =
            property
                .SetMethod?.ReturnParameter.GetRequiredCustomModifiers()
                .Any(modifier => modifier.Name == "IsExternalInit") == true;
        var set = property.SetMethod is { IsPublic: true } or { IsFamily: true } ? (isInit ? "init; " : "set; ") : "";

        return $"{{ {get}{set}}}";
    }

    private static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method
                .GetParameters()
                .Select(
                    (parameter, index) =>
                        (index == 0 && method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "")
                        + Text(parameter)
                )
        );

    private static string Text(ParameterInfo parameter) =>
        (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{TypeName.Of(parameter)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "");

    private static string Literal(object? value) =>
        value switch
        {
            null => "default",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
