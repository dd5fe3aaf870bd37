using TokenAuth.Testing;
using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class FaultTextTests
{
    [Theory]
    [InlineData("vk-token=503", TokenServiceEndpoint.VkToken, null)]
    [InlineData("VK-TOKEN=503*2", TokenServiceEndpoint.VkToken, 2)]
    [InlineData("azure-tts=reject", TokenServiceEndpoint.AzureTts, null)]
    [InlineData("azure-token=delay:0.5s*10", TokenServiceEndpoint.AzureToken, 10)]
    [InlineData("vk-vision=silence", TokenServiceEndpoint.VkVision, null)]
    public void A_fault_is_an_endpoint_what_happens_and_perhaps_how_often(
        string text,
        TokenServiceEndpoint endpoint,
        int? times
    )
    {
        var fault = FaultText.Parse(text)!;

        Assert.Equal((endpoint, times), (fault.Endpoint, fault.Times));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vk-token")]
    [InlineData("vk-token=")]
    [InlineData("vk-token=200")]
    [InlineData("vk-token=600")]
    [InlineData("vk-token=503*0")]
    [InlineData("vk-token=503*-1")]
    [InlineData("vk-tokens=503")]
    [InlineData("vk-token=delay:s")]
    [InlineData("vk-token=delay:-1s")]
    [InlineData("vk-token=delay:9999s")]
    [InlineData("vk-token=explode")]
    [InlineData("vk-token=reject")]
    [InlineData("azure-token=reject*2")]
    public void Anything_else_is_no_fault(string text) => Assert.Null(FaultText.Parse(text));
}
