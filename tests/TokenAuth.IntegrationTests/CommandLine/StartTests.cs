using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TokenAuth.Testing;

namespace TokenAuth.IntegrationTests.CommandLine;

/// <summary>
/// Whoever types a command waits for it: 250 ms for help, a second for a diagnosis, where an empty .NET program takes 25 ms. Beside that program,
/// because a busy machine is slow for all of them.
/// </summary>
public sealed class StartTests : IAsyncLifetime
{
    private const int Runs = 5;

    private readonly Application _shop = new();
    private TokenServiceEmulator _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await TokenServiceEmulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        _shop.Settings(
            $$"""
            { "TokenAuth": { "speech": {
              "Provider": "AzureSpeech",
              "SubscriptionKey": "{{_emulator.AzureSpeech.PrimaryKey}}",
              "TokenEndpoint": "{{_emulator.AzureTokenEndpoint}}"
            } } }
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        _shop.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Help_and_a_diagnosis_come_within_a_few_times_an_empty_program()
    {
        var empty = CompileEmpty();

        // In turn: what else the machine does meets each of them.
        var (emptyTimes, helpTimes, doctorTimes) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            emptyTimes.Add(await MeasureAsync(empty));
            helpTimes.Add(await MeasureAsync(ToolProcess.Assembly, "--help"));
            doctorTimes.Add(await MeasureAsync(ToolProcess.Assembly, "doctor"));
        }

        var (emptyTime, help, doctor) = (emptyTimes.Min(), helpTimes.Min(), doctorTimes.Min());
        var figures = FormattableString.Invariant(
            $"empty {emptyTime:0} ms; help {help:0} ms, {help / emptyTime:0.0} times; doctor {doctor:0} ms, {doctor / emptyTime:0.0} times"
        );
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(help < emptyTime * 30, figures);
        Assert.True(doctor < emptyTime * 120, figures);
    }

    private async Task<double> MeasureAsync(string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = _shop.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        _shop.AddTo(start.Environment);
        start.Environment.Remove("DOTNET_TC_CallCounting"); // as a person has it
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, process.ExitCode);
        return watch.Elapsed.TotalMilliseconds;
    }

    private string CompileEmpty()
    {
        var assembly = Path.Combine(_shop.Home, "empty.dll");
        var compilation = CSharpCompilation.Create(
            "empty",
            [CSharpSyntaxTree.ParseText("return 0;", cancellationToken: TestContext.Current.CancellationToken)],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)]
        );
        Assert.True(compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken).Success);
        File.WriteAllText(
            Path.ChangeExtension(assembly, ".runtimeconfig.json"),
            $$"""{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" } } }"""
        );

        return assembly;
    }
}
