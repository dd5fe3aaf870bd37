using System.Runtime.InteropServices;

namespace TokenAuth.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Runs() => Assert.StartsWith(".NET", RuntimeInformation.FrameworkDescription, StringComparison.Ordinal);
}
