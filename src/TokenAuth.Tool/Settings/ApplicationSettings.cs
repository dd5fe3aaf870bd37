using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace TokenAuth.Tool;

/// <summary>The application's settings, read as its host reads them, and the place of each.</summary>
internal sealed class ApplicationSettings
{
    private readonly List<(IConfigurationProvider Provider, SettingLayer Layer)> _layers = [];

    private ApplicationSettings(ProjectFolder project, ApplicationEnvironment environment) =>
        (Project, Environment) = (project, environment);

    public ProjectFolder Project { get; }

    public ApplicationEnvironment Environment { get; }

    public IConfigurationRoot Root { get; private set; } = null!; // set before ReadFrom returns

    /// <summary>The section with the providers.</summary>
    public IConfigurationSection Section { get; private set; } = null!; // as Root

    /// <summary>The names of the sources that were read, in the order in which the later one wins.</summary>
    public IEnumerable<string> Sources => _layers.Select(layer => layer.Layer.Name);

    /// <summary>Files that would have been read if they existed.</summary>
    public IReadOnlyList<string> Missing { get; private set; } = [];

    public bool HasUserSecretsId { get; private set; }

    /// <exception cref="ToolException">They cannot be read.</exception>
    public static ApplicationSettings ReadFrom(SettingsRequest request)
    {
        var project = ProjectFolder.Find(request.Project);
        var settings = new ApplicationSettings(project, ApplicationEnvironment.Of(request.Environment, project));
        settings.Read(request);

        return settings;
    }

    /// <summary>The place that a value comes from; null when nobody sets it.</summary>
    public string? PlaceOf(string key) => Places(key).FirstOrDefault();

    /// <summary>Every place that has the key; the first one wins.</summary>
    public IEnumerable<string> Places(string key) =>
        Enumerable
            .Reverse(_layers)
            .Where(layer => layer.Provider.TryGet(key, out var value) && value is not null)
            .Select(layer => layer.Layer.PlaceOf(key));

    private void Read(SettingsRequest request)
    {
        var builder = new ConfigurationBuilder();
        var layers = new List<SettingLayer>();
        foreach (var file in Files(request))
            Add(builder, file);
        layers.AddRange(Files(request));
        layers.Add(new SettingLayer.Variables());
        builder.AddEnvironmentVariables();

        Root = Build(builder, layers);
        if (StoreOption.Settings(request, Root) is { } store)
        {
            layers.Add(new SettingLayer.Option("--store"));
            builder.AddInMemoryCollection(store);
            Root = Build(builder, layers);
        }

        _layers.AddRange(Root.Providers.Zip(layers).Where(layer => IsThere(layer.Second)));
        Missing = [.. layers.Where(layer => !IsThere(layer)).Select(layer => layer.Name)];
        Section = Root.GetSection(request.Section);
    }

    private IEnumerable<SettingLayer.JsonFile> Files(SettingsRequest request)
    {
        if (request.Files.Count > 0)
            foreach (var file in request.Files)
                yield return new(file, Existing(file));
        else
            foreach (var name in new[] { "appsettings.json", $"appsettings.{Environment.Name}.json" })
                yield return new(name, Path.Combine(Project.Path, name));

        var id = Project.UserSecretsId();
        HasUserSecretsId = id is not null;
        if (id is not null && Environment.HasUserSecrets)
            yield return new("user secrets", PathHelper.GetSecretsPathFromSecretsId(id));
    }

    private static string Existing(string file) =>
        File.Exists(file)
            ? Path.GetFullPath(file)
            : throw new ToolException(
                $"--config is '{SecretText.Shown(file)}', which does not exist.",
                ExitStatus.Usage
            );

    private static bool IsThere(SettingLayer layer) =>
        layer is not SettingLayer.JsonFile file || File.Exists(file.Path);

    private static void Add(ConfigurationBuilder builder, SettingLayer.JsonFile file)
    {
        var folder = Path.GetDirectoryName(file.Path)!;
        if (!Directory.Exists(folder)) // of secrets that were never set
            builder.AddInMemoryCollection();
        else
#pragma warning disable CA2000 // it lives as long as the settings
            builder.AddJsonFile(
                new PhysicalFileProvider(folder, ExclusionFilters.None),
                Path.GetFileName(file.Path),
                optional: true,
                reloadOnChange: false
            );
#pragma warning restore CA2000
    }

    private static IConfigurationRoot Build(ConfigurationBuilder builder, List<SettingLayer> layers)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception exception)
            when (exception is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ToolException(UnreadableFile.Describe(exception, layers), ExitStatus.Failed);
        }
    }
}
