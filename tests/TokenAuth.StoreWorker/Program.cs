using System.Globalization;
using TokenAuth;
using TokenAuth.StoreWorker;

// TokenAuth.StoreWorker <store> <key> hold|count|write [times]
// TokenAuth.StoreWorker <store> <token endpoint> renew <times>
// TokenAuth.StoreWorker <store> <token endpoint> start
// TokenAuth.StoreWorker <store> <token endpoint> host <milliseconds of a write>
// TokenAuth.StoreWorker <store> <token endpoint> halt read|leased|calling|granted|written|released
// TokenAuth.StoreWorker live <number> (<name> <store> <server> <token endpoint>)…
//
// A store is file:<directory>, postgres:<table> or redis:<lease in seconds>:<prefix>. Prints a line at each step; the test reads them and kills the process
// when it likes.
if (args is ["live", var process, .. var lines])
{
    await LivingApplication.RunAsync(process, lines);
    return 0;
}

var store = WorkerStore.Open(args[0]);
var number =
    args.Length > 3 && int.TryParse(args[3], CultureInfo.InvariantCulture, out var parsed) ? parsed : int.MaxValue;

Console.WriteLine("started");
switch (args[2])
{
    case "hold":
        await NumberedRecords.HoldAsync(store, args[1]);
        break;

    case "count":
        await NumberedRecords.WriteAsync(store, args[1], number, says: false);
        break;

    case "write":
        await NumberedRecords.WriteAsync(store, args[1], number, says: true);
        break;

    case "renew":
        await Renewals.RunAsync(store, new Uri(args[1]), number);
        break;

    case "halt":
        await Renewals.HaltAsync(store, new Uri(args[1]), args[3]);
        break;

    case "start":
        await Renewals.StartAsync(store, new Uri(args[1]));
        break;

    case "host":
        await HostedApplication.RunAsync(store, Renewals.Options(new Uri(args[1])), TimeSpan.FromMilliseconds(number));
        break;

    default:
        return 2;
}

return 0;
