using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class ApplicationSettingsTests : IDisposable
{
    private readonly ApplicationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_value_has_its_file_and_line_and_the_places_that_it_overrides()
    {
        _folder
            .With("appsettings.json", "{ \"TokenAuth\": {\n \"speech\": {\n \"Region\": \"westeurope\" } } }")
            .With("appsettings.Staging.json", "{ \"TokenAuth\": { \"speech\": { \"Region\": \"northeurope\" } } }");

        var settings = Read(environment: "Staging");

        Assert.Equal("northeurope", settings.Section["speech:Region"]);
        Assert.Equal(
            ["appsettings.Staging.json line 1", "appsettings.json line 3"],
            settings.Places("TokenAuth:speech:Region")
        );
        Assert.Equal(["appsettings.json", "appsettings.Staging.json", "environment variables"], settings.Sources);
    }

    [Fact]
    public void The_environment_is_the_one_with_which_dotnet_run_starts_the_project()
    {
        _folder.With(
            "Properties/launchSettings.json",
            """
            { "profiles": {
              "IIS Express": { "commandName": "IISExpress", "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Other" } },
              "App": { "commandName": "Project", "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" } }
            } }
            """
        );

        Assert.Equal(
            new ApplicationEnvironment("Development", "Properties/launchSettings.json"),
            Read(environment: null).Environment
        );
    }

    [Theory]
    [InlineData("{ \"profiles\": { } }")]
    [InlineData("{ }")]
    [InlineData("nonsense")]
    public void Without_a_word_of_it_the_environment_is_Production(string launchSettings)
    {
        _folder.With("Properties/launchSettings.json", launchSettings);

        Assert.Equal("Production", Read(environment: null).Environment.Name);
    }

    [Fact]
    public void The_id_of_user_secrets_may_stand_above_the_project()
    {
        _folder
            .With(
                "Directory.Build.props",
                "<Project><PropertyGroup><UserSecretsId>shared</UserSecretsId></PropertyGroup></Project>"
            )
            .With("app/app.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");

        Assert.Equal("shared", ProjectFolder.Find(Path.Combine(_folder.Path, "app")).UserSecretsId());
    }

    [Fact]
    public void Of_two_project_files_the_person_names_one()
    {
        _folder.With("a.csproj", "<Project />").With("b.csproj", "<Project />");

        var error = Assert.Throws<ToolException>(() => Read(environment: null));

        Assert.Equal(
            $"The folder {_folder.Path} has 2 project files; name one, for example --project a.csproj.",
            error.Message
        );
        Assert.Equal(ExitStatus.Usage, error.Status);
    }

    [Theory]
    [InlineData(
        "{ \"a\": 1,\n \"b\": }",
        "appsettings.json ({0}) is not valid JSON at line 2; correct the comma, quotation mark or bracket there or just before."
    )]
    [InlineData(
        "{ \"a\": 1, \"A\": 2 }",
        "appsettings.json ({0}) is not a settings file: it has to be one JSON object, without keys that differ only in case."
    )]
    [InlineData(
        "[]",
        "appsettings.json ({0}) is not a settings file: it has to be one JSON object, without keys that differ only in case."
    )]
    public void A_file_that_cannot_be_read_is_named_without_its_content(string json, string message)
    {
        _folder.With("appsettings.json", json);

        var error = Assert.Throws<ToolException>(() => Read(environment: null));

        Assert.Equal(
            message.Replace("{0}", Path.Combine(_folder.Path, "appsettings.json"), StringComparison.Ordinal),
            error.Message
        );
    }

    [Fact]
    public void A_store_option_takes_names_of_settings_and_its_place_shows()
    {
        _folder.With(
            "appsettings.json",
            """{ "ConnectionStrings": { "Tokens": "Host=db" }, "StoreKey": "k", "TokenAuth": { "Store": { "Table": "t" } } }"""
        );

        var settings = ApplicationSettings.ReadFrom(
            new SettingsRequest
            {
                Project = _folder.Path,
                Store = "postgres:ConnectionStrings:Tokens",
                StoreKeyFrom = "StoreKey",
            }
        );

        Assert.Equal(
            ("postgres", "Host=db", "k", "t"),
            (Store("Kind"), Store("ConnectionString"), Store("EncryptionKey"), Store("Table"))
        );
        Assert.Equal("--store", settings.PlaceOf("TokenAuth:Store:ConnectionString"));
        string? Store(string name) => settings.Section[$"Store:{name}"];
    }

    [Fact]
    public void A_secret_in_the_place_of_a_setting_s_name_is_not_repeated()
    {
        const string Secret = "Host=db;Password=hunter2";

        var error = Assert.Throws<ToolException>(() =>
            ApplicationSettings.ReadFrom(new SettingsRequest { Project = _folder.Path, Store = $"Postgres:{Secret}" })
        );

        Assert.Equal(
            "--store takes the name of a setting that has the secret, for example Postgres:ConnectionStrings:Tokens, and no setting has the name that was given.",
            error.Message
        );
    }

    private ApplicationSettings Read(string? environment) =>
        ApplicationSettings.ReadFrom(new SettingsRequest { Project = _folder.Path, Environment = environment });
}
