using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>The parts of a store that all its records share.</summary>
internal sealed record FileStoreParts(
    StoreDirectory Directory,
    TokenRecordSealer Sealer,
    DiskWork Work,
    TimeProvider Time,
    ILogger Logger
);
