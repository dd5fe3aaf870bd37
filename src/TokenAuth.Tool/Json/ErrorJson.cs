namespace TokenAuth.Tool;

internal sealed record ErrorJson(string Error);
