using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace TokenAuth.Tests.Storage;

/// <summary>A test that takes too long for a normal run, which does not have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
public sealed class FullRunFactAttribute(
    [CallerFilePath] string? sourceFilePath = null,
    [CallerLineNumber] int sourceLineNumber = -1
) : FactAttribute(sourceFilePath, sourceLineNumber)
{
    private sealed class Discoverer : FactDiscoverer
    {
        public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions,
            IXunitTestMethod testMethod,
            IFactAttribute factAttribute
        ) => TestRun.IsFull ? base.Discover(discoveryOptions, testMethod, factAttribute) : new([]);
    }
}
