namespace TokenAuth.IntegrationTests.Readme;

public sealed class TenantPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(ReadmeText.Root, "docs/tenants.md"));

    public static TheoryData<int, string> CSharpBlocks() => new(ReadmeText.Blocks(_page, "csharp"));

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Its_code_compiles(int line, string code)
    {
        var errors = ReadmeCompiler.Faults(line, code);

        Assert.True(errors.Length == 0, errors);
    }

    [Fact]
    public void It_is_short() => Assert.InRange(_page.Count(c => c == '\n'), 1, 149);
}
