using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace TokenAuth.Benchmarks;

/// <summary>What this program can be told to do.</summary>
internal static class Commands
{
    private const string Project = "tests/TokenAuth.Benchmarks";

    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Measures TokenAuth beside a header set by hand and beside its peers.")
        {
            ReportCommand(),
            ProfileCommand(),
            DetailedCommand(),
        };

        return root.Parse(args).InvokeAsync();
    }

    private static Command ReportCommand()
    {
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "The directory for report.json and report.svg.",
            DefaultValueFactory = _ => new(Directory.Exists(Project) ? Project : "."),
        };
        var only = new Option<string[]>("--only")
        {
            Description = "The scenarios to run; no files are written then.",
            AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong([.. Report.ScenarioNames]);

        var command = new Command("report", "Runs the short version and prints the table with its targets.")
        {
            output,
            only,
        };
        command.SetAction(
            (parsed, _) => Report.RunAsync(parsed.GetRequiredValue(output).FullName, parsed.GetValue(only) ?? [])
        );

        return command;
    }

    private static Command ProfileCommand()
    {
        var command = new Command("profile", "Says where the time and the bytes go that TokenAuth adds.");
        command.SetAction((_, _) => Profile.RunAsync());

        return command;
    }

    private static Command DetailedCommand()
    {
        var arguments = new Argument<string[]>("arguments")
        {
            Description = "BenchmarkDotNet's own, for example --filter *.",
        };
        var command = new Command("detailed", "Runs BenchmarkDotNet.") { arguments };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            // In this process: a project that BenchmarkDotNet generates would inherit this repository's analyzers.
            var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
            string[] all = [.. parsed.GetValue(arguments) ?? [], .. parsed.UnmatchedTokens];
            BenchmarkSwitcher.FromAssembly(typeof(Commands).Assembly).Run(all, config);
        });

        return command;
    }
}
