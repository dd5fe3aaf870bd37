using TokenAuth.IntegrationTests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace TokenAuth.IntegrationTests;

/// <summary>Starts what takes longest before the rest, so that nothing is waited for alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] _longest =
    [
        "PastedProgramTests",
        "FleetSampleTests",
        "RedisOutageTests",
        "Packages",
        "FileTokenStoreProcessTests",
        "FleetStallTests",
        "PostgresOutageTests",
        "SparingTests",
        "FleetKillTests",
        "CopiedVendorTests",
        "FirstMistakeTests",
        "PostgresProcessTests",
        "RedisProcessTests",
        "RedisConnectionTests",
        "FleetRenewalTests",
        "MicrophoneTests",
        "SampleTests",
        "ExecTests",
        "PostgresTokenStoreTests",
        "PostgresFailoverTests",
        "SpeechPageTests",
        "SlowEndpointTests",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(
            _longest,
            name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)
        );

        return place < 0 ? _longest.Length : place;
    }
}
