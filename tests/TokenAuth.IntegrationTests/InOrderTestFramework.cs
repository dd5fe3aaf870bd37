using System.Reflection;
using TokenAuth.IntegrationTests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(InOrderTestFramework))]

namespace TokenAuth.IntegrationTests;

/// <summary>
/// Starts the collections in their order. xunit itself starts them as the threads of the pool come to them, and the pool's queue has two ends.
/// </summary>
public sealed class InOrderTestFramework : XunitTestFramework
{
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) =>
        new Executor(new XunitTestAssembly(assembly));

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
        private readonly object _gate = new();
        private readonly PriorityQueue<TaskCompletionSource, int> _waiting = new();
        private Dictionary<string, int> _places = [];
        private int _expected;
        private int _free;

        protected override List<(IXunitTestCollection Collection, List<IXunitTestCase> TestCases)> OrderTestCollections(
            XunitTestAssemblyRunnerContext ctxt
        )
        {
            var ordered = base.OrderTestCollections(ctxt);
            _places = ordered.Select((entry, place) => (entry.Collection.UniqueID, place)).ToDictionary();
            _expected = ordered.Count(entry => !entry.Collection.DisableParallelization);
            _free = ctxt.MaxParallelThreads < 0 ? int.MaxValue : ctxt.MaxParallelThreads;

            return ordered;
        }

        protected override async ValueTask<RunSummary> RunTestCollection(
            XunitTestAssemblyRunnerContext ctxt,
            IXunitTestCollection testCollection,
            IReadOnlyCollection<IXunitTestCase> testCases
        )
        {
            if (ctxt.DisableParallelization)
                return await base.RunTestCollection(ctxt, testCollection, testCases);

            await TurnOf(testCollection).WaitAsync(ctxt.CancellationTokenSource.Token);
            try
            {
                return await base.RunTestCollection(ctxt, testCollection, testCases);
            }
            finally
            {
                lock (_gate)
                {
                    _free++;
                    StartNext();
                }
            }
        }

        // Nobody starts before everybody waits; those that run alone come when nobody is expected any more.
        private Task TurnOf(IXunitTestCollection testCollection)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _waiting.Enqueue(turn, _places[testCollection.UniqueID]);
                if (--_expected <= 0)
                    StartNext();
            }

            return turn.Task;
        }

        private void StartNext()
        {
            while (_free > 0 && _waiting.TryDequeue(out var turn, out _))
            {
                _free--;
                turn.SetResult();
            }
        }
    }
}
