using System.Net;

namespace TokenAuth.Tests.Telemetry;

public sealed class ErrorKindTests
{
    [Theory]
    [InlineData(199, "199")]
    [InlineData(200, "invalid_response")]
    [InlineData(299, "invalid_response")]
    [InlineData(300, "300")]
    public void A_success_that_fails_is_an_invalid_response_and_any_other_status_is_itself(int status, string kind) =>
        Assert.Equal(kind, ErrorKind.Of(new TokenAcquisitionException { StatusCode = (HttpStatusCode)status }));
}
