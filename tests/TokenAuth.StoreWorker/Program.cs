using System.Globalization;
using TokenAuth;

// TokenAuth.StoreWorker file:<directory>|postgres:<table> <key> hold|count|write [times]
// Prints one line a step; the parent reads them and kills it when it likes.
var store = OpenStore(args[0]);
var key = args[1];
var times = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : int.MaxValue;

Console.WriteLine("started");
switch (args[2])
{
    case "hold":
        await using (await store.AcquireLeaseAsync(key, CancellationToken.None))
        {
            Console.WriteLine("held");
            await Task.Delay(Timeout.Infinite);
        }
        break;

    case "count": // each turn reads the number that stands there and writes the next one
    case "write":
        for (var turn = 0; turn < times; turn++)
        {
            await using var lease = await store.AcquireLeaseAsync(key, CancellationToken.None);
            var last = lease.Record is { } record ? Number(record) : 0;
            await lease.WriteAsync(Numbered(last + 1), CancellationToken.None);
            if (args[2] == "write")
                Console.WriteLine(last + 1);
        }
        Console.WriteLine("done");
        break;

    default:
        return 2;
}

return 0;

static ITokenStore OpenStore(string address) =>
    address.Split(':', 2) switch
    {
        ["file", var directory] => new FileTokenStore(
            new FileTokenStoreOptions
            {
                Directory = directory,
                EncryptionKey = Environment.GetEnvironmentVariable("WORKER_ENCRYPTION_KEY"),
            }
        ),
        ["postgres", var table] => new PostgresTokenStore(
            Environment.GetEnvironmentVariable("WORKER_POSTGRES")!,
            new PostgresTokenStoreOptions
            {
                Table = table,
                EncryptionKey = Environment.GetEnvironmentVariable("WORKER_ENCRYPTION_KEY"),
            }
        ),
        _ => throw new InvalidOperationException($"'{address}' is no store."),
    };

static int Number(TokenRecord record)
{
    var parts = record.Grant.AccessToken.Value.Split('-');
    if (parts[1] != record.Grant.RefreshToken!.Split('-')[1])
        throw new InvalidOperationException("The record is torn.");

    return int.Parse(parts[1], CultureInfo.InvariantCulture);
}

static TokenRecord Numbered(int number) =>
    new(
        new TokenGrant(new AccessToken($"access-{number}-{new string('a', 4000)}"))
        {
            RefreshToken = $"refresh-{number}-{new string('r', 4000)}",
        },
        TimeProvider.System.GetUtcNow()
    );
