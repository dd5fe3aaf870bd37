namespace TokenAuth.ClientTests.Refit;

internal sealed record Phrase(string Text);
