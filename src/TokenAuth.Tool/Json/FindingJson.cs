namespace TokenAuth.Tool;

internal sealed record FindingJson(string Code, string Severity, string Message, string Remedy, string See)
{
    public static IReadOnlyList<FindingJson> Of(IEnumerable<Finding> findings) =>
        [
            .. findings.Select(finding => new FindingJson(
                finding.Code,
                finding.Word,
                finding.Message,
                finding.Remedy,
                finding.See
            )),
        ];
}
