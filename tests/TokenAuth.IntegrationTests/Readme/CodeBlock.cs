namespace TokenAuth.IntegrationTests.Readme;

/// <summary>One fenced block of a page: where its code begins, and what its fence says.</summary>
/// <param name="Page">Relative to the repository.</param>
/// <param name="Kind">The word behind the language, such as <c>web</c>; empty where there is none.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Kind, string Code)
{
    /// <summary>A name that no other block has.</summary>
    public string Name => $"{string.Concat(Page.Select(c => char.IsLetterOrDigit(c) ? c : '_'))}_{Line}";

    /// <summary>Has the compiler name the page and the line in what it says.</summary>
    public string CodeWithLines => $"#line {Line} \"{Page}\"\n{Code}\n#line default\n";

    public override string ToString() => $"{Page}:{Line}";
}
