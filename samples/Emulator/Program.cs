// Both vendors' token and data endpoints on this machine, for curl and for anything else that speaks HTTP; the same as "tokenauth emulate":
//   dotnet run --project samples/Emulator -- --port 5080 --fault vk-token=503*2
// It prints commands to paste, and on Ctrl+C what was asked and issued.

using TokenAuth.Tool;

using var terminal = Terminal.OfProcess();

return await CommandLine.RunAsync(["emulate", .. args], terminal);
