namespace TokenAuth.Tool;

/// <summary>The one way by which a secret leaves this tool: a pipe, a file of this user's alone, or a terminal where the person insists.</summary>
internal sealed class SecretOutput(Terminal terminal, SecretOutputOptions options)
{
    /// <summary>Refuses before anything is fetched.</summary>
    /// <exception cref="ToolException">The secret may not go where it should.</exception>
    public void Check()
    {
        if (options.File is { } path)
        {
            SecretFile.Try(path);
            return;
        }

        if (terminal.IsOutputTerminal && !options.MayShow)
            throw new ToolException(
                $"The {options.What} is not written to a terminal, where transcripts and logs would keep it: pipe it, write it to a file with --to-file, or pass --show.",
                ExitStatus.Usage
            );
        if (StandardOutput.FileOthersMayRead() is { } file)
            throw new ToolException(
                $"Other users can read {file}, where the {options.What} would be written; use --to-file, which makes a file that only you can read.",
                ExitStatus.Usage
            );
    }

    public void Write(string secret)
    {
        if (options.File is { } file)
            SecretFile.Write(file, secret);
        else
            terminal.Output.WriteLine(secret);
    }
}
