using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace TokenAuth.Tests.Architecture;

/// <summary>What a debugger shows of an object and of all of ours that it leads to: members that are not hidden, and texts of the others.</summary>
internal sealed class DebuggerView
{
    private const BindingFlags Members =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Where, string Shown)> _texts = [];

    public static IReadOnlyList<string> PlacesThatShow(string secret, object root)
    {
        var view = new DebuggerView();
        view.Look(root.GetType().Name, root);

        return
        [
            .. view
                ._texts.Where(text => text.Shown.Contains(secret, StringComparison.Ordinal))
                .Select(text => text.Where)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private void Look(string where, object? value)
    {
        if (value is null or Type or Delegate || (value is not (string or ValueType) && !_seen.Add(value)))
            return;

        _texts.Add((where, value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value.ToString() ?? ""));
        if (IsOurs(value.GetType()))
            foreach (var (name, shown) in Shown(value))
                Look($"{value.GetType().Name}.{name}", shown);
        else if (value is IEnumerable items and not (string or byte[]))
            foreach (var item in items)
                Look(where, item);
    }

    private static bool IsOurs(Type type) => !type.IsArray && type.Assembly == typeof(AccessToken).Assembly;

    private static IEnumerable<(string Name, object? Value)> Shown(object value)
    {
        for (var type = value.GetType(); type is not null && IsOurs(type); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Members).Where(field => !IsHidden(field)))
                yield return (field.Name, field.GetValue(value));
            foreach (var property in type.GetProperties(Members).Where(IsReadable))
                yield return (property.Name, Read(property, value));
        }
    }

    private static bool IsReadable(PropertyInfo property) =>
        property.CanRead && property.GetIndexParameters().Length == 0 && !IsHidden(property);

    // A debugger does not list the field of a property that says how it is to be shown.
    private static bool IsHidden(MemberInfo member) =>
        member.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State == DebuggerBrowsableState.Never
        || (member is FieldInfo && member.Name.EndsWith(">k__BackingField", StringComparison.Ordinal));

    private static object? Read(PropertyInfo property, object value)
    {
        try
        {
            return property.GetValue(value);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}
