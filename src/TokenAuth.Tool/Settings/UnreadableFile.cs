using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace TokenAuth.Tool;

/// <summary>Says which file could not be read, and where it is wrong, without repeating what stands there.</summary>
internal static class UnreadableFile
{
    public static string Describe(Exception exception, IEnumerable<SettingLayer> layers)
    {
        var file = layers.OfType<SettingLayer.JsonFile>().FirstOrDefault(IsUnreadable);
        var name = file?.Name ?? "A settings file";
        var path = file is null || file.Name == file.Path ? "" : $" ({file.Path})";
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is JsonException { LineNumber: { } line })
                return FormattableString.Invariant(
                    $"{name}{path} is not valid JSON at line {line + 1}; correct the comma, quotation mark or bracket there or just before."
                );

        return exception.GetBaseException() is UnauthorizedAccessException
            ? $"{name}{path} cannot be read: this user has no permission."
            : $"{name}{path} is not a settings file: it has to be one JSON object, without keys that differ only in case.";
    }

    private static bool IsUnreadable(SettingLayer.JsonFile file)
    {
        try
        {
            if (!File.Exists(file.Path))
                return false;

            new ConfigurationBuilder().AddJsonFile(file.Path, optional: true).Build();

            return false;
        }
        catch (Exception exception)
            when (exception is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
