using System.Text;
using Spectre.Console;

namespace TokenAuth.Tool;

/// <summary>The streams of this process, and whether a person reads them.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error) : IDisposable
{
    private const int Unwrapped = 10_000;

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    public bool IsOutputTerminal { get; init; }

    public bool IsErrorTerminal { get; init; }

#pragma warning disable CA2000 // the streams end with the process
    public static Terminal OfProcess() =>
        new(Utf8(Console.OpenStandardOutput()), Utf8(Console.OpenStandardError()))
        {
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
        };
#pragma warning restore CA2000

    /// <summary>The console for a report: wrapped and coloured on a terminal, one line a sentence elsewhere.</summary>
    public IAnsiConsole Report() => Styled(Output, IsOutputTerminal);

    /// <summary>The console for a progress line; null where nobody would see it move.</summary>
    public IAnsiConsole? Progress() => IsErrorTerminal && !IsDumb ? Styled(Error, isTerminal: true) : null;

    /// <summary>Says one thing on the error stream.</summary>
    public void Say(string message) => Error.WriteLine($"tokenauth: {PlainText.Of(message)}");

    public void Dispose()
    {
        Output.Flush();
        Error.Flush();
    }

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is "dumb";

    private static IAnsiConsole Styled(TextWriter writer, bool isTerminal)
    {
        var hasColours = isTerminal && !IsDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = isTerminal && !IsDumb ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
                Out = new AnsiConsoleOutput(isTerminal ? writer : new TrimmedLines(writer)),
            }
        );
        if (!isTerminal)
            console.Profile.Width = Unwrapped;

        return console;
    }

    private static StreamWriter Utf8(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
}
