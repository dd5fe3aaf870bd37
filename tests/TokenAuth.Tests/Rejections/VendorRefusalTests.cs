using System.Net;
using TokenAuth.Tests.Handlers;

namespace TokenAuth.Tests.Rejections;

/// <summary>A 401 is the vendor's where the response looks as the vendor's do: JSON, plain text, or nothing.</summary>
[Trait("Failure", "65")]
public sealed class VendorRefusalTests
{
    private static readonly string[] Vendors = ["VK Cloud", "Azure Speech", "Azure Speech's key", "key"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Pages { get; } =
        new MatrixTheoryData<string, string>(
            Vendors,
            ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"]
        );

    public static TheoryData<string, string?> Answers { get; } =
        new MatrixTheoryData<string, string?>(
            Vendors,
            [null, "application/json", "text/plain; charset=utf-8", "text/htmlx"]
        );

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_of_a_firewall_or_portal_is_no_refusal(string vendor, string mediaType)
    {
        using var response = Unauthorized(mediaType);

        Assert.False(await Audience(vendor).IsRejectedAsync(response, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_401_as_the_vendor_gives_it_is_a_refusal(string vendor, string? mediaType)
    {
        using var response = Unauthorized(mediaType);

        Assert.True(await Audience(vendor).IsRejectedAsync(response, Cancellation));
    }

    [Fact]
    public async Task A_page_of_a_firewall_marks_no_key()
    {
        var keys = new SubscriptionKeyProvider("primary", "secondary");
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Key", keys, new StubPrimaryHandler(_ => Unauthorized("text/html")))
        );

        var response = await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("primary", (await keys.GetTokenAsync(Cancellation)).Value);
    }

    [Fact]
    public async Task A_service_of_which_nothing_is_known_may_refuse_with_a_page()
    {
        var provider = new FakeTokenProvider("t1", "t2");
        using var client = new HttpMessageInvoker(
            AnyHandler.Of("Bearer", provider, new StubPrimaryHandler(_ => Unauthorized("text/html")))
        );

        await client.SendAsync(new(HttpMethod.Get, "http://localhost/"), Cancellation);

        Assert.Equal(["t1"], provider.Refused);
    }

    private static ITokenAudience Audience(string vendor) =>
        vendor switch
        {
            "VK Cloud" => new VkCloudTokenProvider(new() { ClientId = "c", ClientSecret = "s" }),
            "Azure Speech" => Azure(),
            "Azure Speech's key" => (ITokenAudience)((ISubscriptionKeySource)Azure()).SubscriptionKey!,
            _ => new SubscriptionKeyProvider("key"),
        };

    private static AzureSpeechTokenProvider Azure() => new(new() { Region = "westeurope", SubscriptionKey = "key" });

    private static HttpResponseMessage Unauthorized(string? mediaType)
    {
        var response = new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new ByteArrayContent([]) };
        if (mediaType is not null)
            response.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        return response;
    }
}
