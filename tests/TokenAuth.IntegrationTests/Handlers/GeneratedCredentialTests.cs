using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using TokenAuth.Tests.Storage;

namespace TokenAuth.IntegrationTests.Handlers;

[Trait("Failure", "9")]
public sealed partial class GeneratedCredentialTests
{
    private static readonly int Count = TestRun.GeneratedCredentials;

    private static readonly string[] Kinds = ["Bearer", "Key", "Query"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_grammar_allows_arrives_unchanged_and_nothing_else_reaches_a_socket()
    {
        await using var api = new RawOrigin();
        var provider = new CurrentToken();
        var clients = Kinds
            .Select(kind => new HttpClient(RedirectArrangement.Handler(kind, provider, new SocketsHttpHandler())))
            .ToArray();
        int sent = 0,
            refused = 0;

        foreach (var credential in Credentials().Sample(Count, 50))
        {
            if (!Grammar().IsMatch(credential))
            {
                AssertRefused(() => new AccessToken(credential), credential);
                AssertRefused(() => new StaticTokenProvider(credential), credential);
                AssertRefused(() => new SubscriptionKeyProvider(credential), credential);
                AssertRefused(() => new SubscriptionKeyProvider("primary", credential), credential);
                refused++;
                continue;
            }

            var kind = sent++ % Kinds.Length;
            provider.Token = new(credential);
            using var response = await clients[kind].GetAsync(new Uri(api.Address, "?a=b"), Cancellation);

            Assert.True(api.Received.TryDequeue(out var request));
            Assert.Equal(credential, Credential(request, Kinds[kind]));
            Assert.Empty(api.Received);
        }

        foreach (var client in clients)
            client.Dispose();
        Assert.True(sent > Count / 4 && refused > Count / 4, $"{sent} sent, {refused} refused");
        Report.Line($"{Count} generated credentials: {sent} arrived unchanged, {refused} never reached a socket.");
    }

    private static Gen<string> Credentials()
    {
        var good = Gen.Choose(0x21, 0x7E).Select(c => (char)c);
        var bad = Gen.OneOf(
            Gen.Elements(
                '\r',
                '\n',
                '\0',
                ' ',
                '\t',
                '\u007F',
                '\u0080',
                '\u00A0',
                '\u0100',
                '\u010A',
                '\u010D',
                '\u2028',
                '\uD83D',
                '\uFEFF'
            ),
            Gen.Choose(0, 0x20).Select(c => (char)c),
            Gen.Choose(0x7F, 0xFFFF).Select(c => (char)c)
        );
        var allowed = good.ArrayOf().Select(cs => new string(cs));
        var spoilt =
            from text in allowed
            from c in bad
            from at in Gen.Choose(0, text.Length)
            select text.Insert(at, c.ToString());
        var injected = from name in allowed from text in allowed select $"{text}\r\nX-{name}: {text}";
        var atTheLimits =
            from c in good
            from length in Gen.Elements(
                0,
                1,
                2,
                AccessToken.MaxLength - 1,
                AccessToken.MaxLength,
                AccessToken.MaxLength + 1,
                1 << 20
            )
            select new string(c, length);

        return Gen.Frequency((500, allowed), (300, spoilt), (100, injected), (10, atTheLimits));
    }

    private static void AssertRefused(Func<object> make, string credential)
    {
        var error = Assert.Throws<ArgumentException>(make);

        if (credential.Length > 10)
            Assert.DoesNotContain(credential, error.ToString(), StringComparison.Ordinal);
    }

    private static string Credential(RawRequest request, string kind)
    {
        switch (kind)
        {
            case "Bearer":
                var header = request.Values("Authorization").Single();
                Assert.StartsWith("Bearer ", header, StringComparison.Ordinal);
                return header["Bearer ".Length..];
            case "Key":
                return request.Values("Ocp-Apim-Subscription-Key").Single();
            default:
                const string start = "/?a=b&oauth_provider=mcs&oauth_token=";
                Assert.StartsWith(start, request.Target, StringComparison.Ordinal);
                Assert.DoesNotContain('&', request.Target[start.Length..]);
                return Uri.UnescapeDataString(request.Target[start.Length..]);
        }
    }

    [GeneratedRegex(@"\A[\u0021-\u007E]{1,16384}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Grammar();

    private sealed class CurrentToken : ITokenProvider
    {
        public AccessToken Token { get; set; } = new("none");

        public ValueTask<AccessToken> GetTokenAsync(CancellationToken cancellationToken = default) => new(Token);

        public void Invalidate(AccessToken rejected) { }
    }
}
