using System.Reflection;
using TokenAuth.IntegrationTests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(InOrderTestFramework))]

namespace TokenAuth.IntegrationTests;

/// <summary>
/// Starts the collections in their order. xunit queues them from a thread of the pool, which takes what it has queued itself from
/// the back while other threads take it from the front; from a thread of its own they go into the queue that all threads share.
/// </summary>
public sealed class InOrderTestFramework(string? configFileName) : XunitTestFramework(configFileName)
{
    private readonly string? _configFileName = configFileName;

    public InOrderTestFramework()
        : this(configFileName: null) { }

    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) =>
        new Executor(new XunitTestAssembly(assembly, _configFileName, assembly.GetName().Version));

    private sealed class Executor(IXunitTestAssembly testAssembly) : XunitTestFrameworkExecutor(testAssembly)
    {
        public override async ValueTask RunTestCases(
            IReadOnlyCollection<IXunitTestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions,
            CancellationToken cancellationToken
        ) => await new Runner().Run(TestAssembly, testCases, executionMessageSink, executionOptions, cancellationToken);
    }

    private sealed class Runner : XunitTestAssemblyRunner
    {
        protected override async ValueTask<RunSummary> RunTestCollections(
            XunitTestAssemblyRunnerContext ctxt,
            Exception? exception
        ) =>
            await Task
                .Factory.StartNew(
                    () => base.RunTestCollections(ctxt, exception).AsTask(),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .Unwrap();
    }
}
