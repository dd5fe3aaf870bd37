// 200 callers of a fleet for minutes of real time and hours of token time, over real sockets and a real PostgreSQL, while token
// services, the database and the clock misbehave at random. Exits with 1 if a limit is missed.
//
//   dotnet run -c Release --project tests/TokenAuth.Soak -- --minutes 20
//   dotnet run -c Release --project tests/TokenAuth.Soak -- --minutes 5 --seed 7    the same faults again
using TokenAuth.Soak;

return await Commands.RunAsync(args);
