using System.CommandLine;

namespace TokenAuth.Soak;

/// <summary>What this program can be told.</summary>
internal static class Commands
{
    private const int LongestRun = 20;

    // Ctrl+C: time to end the database, too.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(90);

    public static Task<int> RunAsync(string[] args)
    {
        var minutes = new Option<int>("--minutes")
        {
            Description = $"How long it runs, from 1 to {LongestRun}.",
            DefaultValueFactory = _ => LongestRun,
        };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LongestRun)
                result.AddError($"--minutes takes 1 to {LongestRun}.");
        });
        var seed = new Option<int>("--seed")
        {
            Description = "Repeats the faults of an earlier run; random unless said.",
            DefaultValueFactory = _ => Random.Shared.Next(1_000_000),
        };
        var verbose = new Option<bool>("--verbose") { Description = "Prints the warnings of TokenAuth, too." };

        var root = new RootCommand("Runs TokenAuth for minutes under random faults and checks what it promises.")
        {
            minutes,
            seed,
            verbose,
        };
        root.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                    parsed.GetValue(seed),
                    parsed.GetValue(verbose),
                    cancellationToken
                )
        );

        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = s_ending });
    }

    private static async Task<int> RunAsync(
        TimeSpan length,
        int seed,
        bool isVerbose,
        CancellationToken cancellationToken
    )
    {
        if (SoakDatabase.Missing is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return 2;
        }

        await using var stage = await Stage.StartAsync(seed, isVerbose);

        return await new SoakRun(stage, length, seed).RunAsync(cancellationToken) ? 0 : 1;
    }
}
