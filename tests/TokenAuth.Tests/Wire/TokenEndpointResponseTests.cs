using System.Net;

namespace TokenAuth.Tests.Wire;

public sealed class TokenEndpointResponseTests
{
    [Theory]
    [InlineData(199, false)]
    [InlineData(200, true)]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public void A_success_is_any_status_of_the_200s(int status, bool isSuccess)
    {
        var reply = new TokenEndpointResponse
        {
            StatusCode = (HttpStatusCode)status,
            SentAt = default,
            Text = null,
            RetryAfter = null,
        };

        Assert.Equal(isSuccess, reply.IsSuccess);
    }
}
