using System.Text.Json;

namespace TokenAuth.Tool;

/// <summary>The environment in which the application is taken to run, and who says so.</summary>
internal sealed record ApplicationEnvironment(string Name, string From)
{
    // DOTNET_ENVIRONMENT goes first in a WebApplication.
    private static readonly string[] _variables = ["DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT"];

    private static readonly JsonDocumentOptions _lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>True when the host reads user secrets in this environment.</summary>
    public bool HasUserSecrets => string.Equals(Name, "Development", StringComparison.OrdinalIgnoreCase);

    public static ApplicationEnvironment Of(string? said, ProjectFolder project)
    {
        if (said is not null)
            return new(said, "--environment");
        foreach (var variable in _variables)
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } name)
                return new(name, $"environment variable {variable}");

        return OfLaunchSettings(project.Path) ?? new("Production", "the default");
    }

    // "dotnet run" takes the first profile that starts the project itself.
    private static ApplicationEnvironment? OfLaunchSettings(string folder)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, "Properties", "launchSettings.json"));
            using var json = JsonDocument.Parse(file, _lenient);
            var profile = json
                .RootElement.GetProperty("profiles")
                .EnumerateObject()
                .Select(profile => profile.Value)
                .First(profile => profile.GetProperty("commandName").GetString() == "Project")
                .GetProperty("environmentVariables");
            var name = _variables
                .Select(variable => profile.TryGetProperty(variable, out var value) ? value.GetString() : null)
                .FirstOrDefault(value => !string.IsNullOrEmpty(value));

            return name is null ? null : new(name, "Properties/launchSettings.json");
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
            )
        {
            return null; // it says nothing
        }
    }
}
