using Microsoft.Extensions.Logging;

namespace TokenAuth;

/// <summary>What a store does everything with, whichever record it is about.</summary>
internal sealed record FileStoreParts(
    StoreDirectory Directory,
    TokenRecordSealer Sealer,
    DiskWork Work,
    TimeProvider Time,
    ILogger Logger
);
