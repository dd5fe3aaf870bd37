// Measures TokenAuth beside a header set by hand and beside its peers, offline.
//
//   dotnet run -c Release --project tests/TokenAuth.Benchmarks -- report                  the table with its targets, in a few minutes
//   dotnet run -c Release --project tests/TokenAuth.Benchmarks -- profile                 the parts of what TokenAuth adds, in half a minute
//   dotnet run -c Release --project tests/TokenAuth.Benchmarks -- detailed --filter '*'   BenchmarkDotNet, in hours
using TokenAuth.Benchmarks;

if (args is [FirstTokenProgram.Verb, var by, var endpoint])
{
    await FirstTokenProgram.RunAsync(by, new Uri(endpoint));
    return 0;
}

if (args is [ScenarioProcess.Verb, var scenario])
{
    await ScenarioProcess.PrintAsync(scenario);
    return 0;
}

if (args is [FleetMemberProgram.Verb, var store, var address])
{
    await FleetMemberProgram.RunAsync(store, address);
    return 0;
}

return await Commands.RunAsync(args);
