namespace TokenAuth.IntegrationTests.Handlers;

/// <summary>Says a figure that a reader of the test run is to see.</summary>
internal static class Report
{
    public static void Line(string figure)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(figure);
        Console.WriteLine(figure);
    }
}
