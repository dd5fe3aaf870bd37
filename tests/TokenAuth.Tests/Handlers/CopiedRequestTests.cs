namespace TokenAuth.Tests.Handlers;

[Trait("Failure", "51")]
public sealed class CopiedRequestTests
{
    private const string Service = "http://localhost/asr";

    private readonly TaskCompletionSource _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> KindsAndUnlistedHosts { get; } =
        new MatrixTheoryData<string, string>(
            ["Bearer", "Key", "Query"],
            ["https://backup.example", "http://fallback.example", "https://localhost.evil.example"]
        );

    [Theory]
    [MemberData(nameof(KindsAndUnlistedHosts))]
    public async Task A_copy_of_a_request_under_way_takes_no_credential_to_an_unlisted_host(string kind, string origin)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client(kind, new FakeTokenProvider("secret-1"), primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);

        using var copy = Copy(request, origin);
        var sendingCopy = SendAsync(client, copy);

        Assert.Single(primary.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sendingCopy);
        Assert.DoesNotContain("secret-1", copy.ToString(), StringComparison.Ordinal);
        _answers.SetResult();
        await sending;
        Assert.DoesNotContain("secret-1", request.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(KindsAndUnlistedHosts))]
    public async Task A_request_that_was_given_up_takes_no_credential_to_an_unlisted_host(string kind, string origin)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client(kind, new FakeTokenProvider("secret-1"), primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var givenUp = client.SendAsync(request, Cancellation);

        request.RequestUri = At(request.RequestUri!, origin);
        var sendingElsewhere = SendAsync(client, request);

        Assert.Single(primary.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sendingElsewhere);
        _answers.SetResult();
        await givenUp;
        Assert.DoesNotContain("secret-1", request.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(origin, request.RequestUri!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer", "http://localhost:81/asr Authorization: Bearer secret-2")]
    [InlineData("Key", "http://localhost:81/asr Ocp-Apim-Subscription-Key: secret-2")]
    [InlineData("Query", "http://localhost:81/asr?oauth_provider=mcs&oauth_token=secret-2")]
    public async Task A_copy_for_a_listed_host_gets_the_credential_that_is_good_now(string kind, string received)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        var provider = new FakeTokenProvider("secret-1", "secret-2");
        using var client = Client(kind, provider, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);
        provider.Invalidate(await provider.GetTokenAsync(Cancellation));

        using var copy = Copy(request, "http://localhost:81");
        var sendingCopy = client.SendAsync(copy, Cancellation);

        Assert.Equal(received, primary.Received[1]);
        _answers.SetResult();
        await Task.WhenAll(sending, sendingCopy);
        Assert.DoesNotContain("secret", copy.ToString(), StringComparison.Ordinal);
        Assert.Equal("http://localhost:81/asr", copy.RequestUri!.OriginalString);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_copy_that_comes_through_another_handler_of_the_same_provider_is_recognised_too(string kind)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        var provider = new FakeTokenProvider("secret-1");
        using var client = Client(kind, provider, primary);
        using var newer = Client(kind, provider, primary); // as IHttpClientFactory makes one every two minutes
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);

        using var copy = Copy(request, "https://backup.example");
        var sendingCopy = SendAsync(newer, copy);

        Assert.Single(primary.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sendingCopy);
        _answers.SetResult();
        await sending;
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Key")]
    [InlineData("Query")]
    public async Task A_copy_of_one_users_request_is_recognised_after_those_of_many_others(string kind)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        var users = Enumerable.Range(1, 100).Select(user => $"secret-{user}").ToArray();
        var provider = new FakeTokenProvider(users);
        using var client = Client(kind, provider, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = new List<Task> { client.SendAsync(request, Cancellation) };
        foreach (var _ in users.Skip(1))
        {
            provider.Invalidate(await provider.GetTokenAsync(Cancellation)); // on to the next user
            sending.Add(client.SendAsync(new(HttpMethod.Get, Service), Cancellation));
        }

        using var copy = Copy(request, "https://backup.example");
        var sendingCopy = SendAsync(client, copy);

        Assert.Equal(users.Length, primary.Received.Count);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sendingCopy);
        _answers.SetResult();
        await Task.WhenAll(sending);
    }

    [Theory]
    [InlineData("Key", "own", "{0} Ocp-Apim-Subscription-Key: own")]
    [InlineData("Key", "own|other", "{0} Ocp-Apim-Subscription-Key: own, other")]
    [InlineData("Key", "secret-1|own", "{0} Ocp-Apim-Subscription-Key: own")]
    [InlineData("Bearer", "Basic own", "{0} Authorization: Basic own")]
    [InlineData("Bearer", "bearer  secret-1|Bearer own", "{0} Authorization: Bearer own")]
    [InlineData("Query", "oauth_token=own", "{0}?oauth_token=own")]
    [InlineData("Query", "oauth%5Ftoken=secret-1|oauth_token=own", "{0}?oauth_token=own")]
    [InlineData("Query", "oauth_token=secret-1&a=b|oauth_token=own", "{0}?a=b&oauth_token=own")]
    public async Task A_copy_with_a_credential_of_its_own_goes_with_that_alone(string kind, string own, string received)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client(kind, new FakeTokenProvider("secret-1"), primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = new List<Task> { client.SendAsync(request, Cancellation) };

        foreach (var origin in new[] { "https://backup.example", "http://localhost:81" })
        {
            var copy = Copy(request, origin);
            foreach (var value in own.Split('|'))
                AddOwn(copy, kind, value);
            sending.Add(client.SendAsync(copy, Cancellation));

            Assert.Equal(Received(received, origin), primary.Received[^1]);
        }

        _answers.SetResult();
        await Task.WhenAll(sending);
    }

    [Theory]
    [InlineData("Key", "secret-1, own", "{0} Ocp-Apim-Subscription-Key: own")]
    [InlineData("Key", "own,secret-1", "{0} Ocp-Apim-Subscription-Key: own")]
    [InlineData("Key", " secret-1 ,\town", "{0} Ocp-Apim-Subscription-Key: own")]
    [InlineData("Key", "own, secret-1, other", "{0} Ocp-Apim-Subscription-Key: own, other")]
    [InlineData("Key", "", "{0} Ocp-Apim-Subscription-Key:")]
    [InlineData("Key", "SECRET-1", "{0} Ocp-Apim-Subscription-Key: SECRET-1")]
    [InlineData("Bearer", "Bearer secret-1, Basic own", "{0} Authorization: Basic own")]
    [InlineData("Bearer", "Basic own,BEARER\tsecret-1", "{0} Authorization: Basic own")]
    [InlineData("Bearer", "Bearer SECRET-1", "{0} Authorization: Bearer SECRET-1")]
    public async Task A_copy_whose_values_are_in_one_text_goes_with_its_own_alone(
        string kind,
        string text,
        string received
    )
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client(kind, new FakeTokenProvider("secret-1"), primary);
        var sending = client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        using var copy = new HttpRequestMessage(HttpMethod.Get, "https://backup.example/asr");
        AddOwn(copy, kind, text);
        var sendingCopy = client.SendAsync(copy, Cancellation);

        Assert.Equal(Received(received, "https://backup.example"), primary.Received[^1]);
        _answers.SetResult();
        await Task.WhenAll(sending, sendingCopy);
    }

    [Theory]
    [InlineData("Key", "a,b", "a,b, a,b")]
    [InlineData("Key", "secret-1", "secret-1,")]
    [InlineData("Key", "secret-1", " secret-1 ")]
    [InlineData("Key", "secret-1", "secret-1,secret-1 , secret-1")]
    [InlineData("Key", "secret-1", "secret-1, ,,")]
    [InlineData("Bearer", "secret-1", "Bearer secret-1,bearer  secret-1")]
    [InlineData("Query", "secret-1", "oauth%5Ftoken=secret-1")]
    [InlineData("Query", "secret-1", "oauth_token=secret-1%20")]
    [InlineData("Query", "secret-1", "oauth_token=secret-1 ")]
    public async Task A_copy_that_has_nothing_but_what_was_placed_is_judged(string kind, string token, string text)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client(kind, new FakeTokenProvider(token), primary);
        var sending = client.SendAsync(new(HttpMethod.Get, Service), Cancellation);

        using var copy = new HttpRequestMessage(HttpMethod.Get, "https://backup.example/asr");
        AddOwn(copy, kind, text);
        var sendingCopy = SendAsync(client, copy);

        Assert.Single(primary.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => sendingCopy);
        Assert.DoesNotContain(token, copy.ToString(), StringComparison.Ordinal);
        _answers.SetResult();
        await sending;
    }

    [Theory]
    [InlineData("Key", "Bearer", "Basic own", "https://backup.example/asr Authorization: Basic own")]
    [InlineData("Bearer", "Query", "oauth_token=own", "https://backup.example/asr?oauth_token=own")]
    [InlineData("Query", "Key", "own", "https://backup.example/asr Ocp-Apim-Subscription-Key: own")]
    public async Task A_copy_that_has_its_own_credential_in_another_place_goes_with_that_alone(
        string kind,
        string other,
        string own,
        string received
    )
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        var provider = new FakeTokenProvider("secret-1");
        using var client = Client(kind, provider, primary);
        using var otherClient = Client(other, provider, primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);

        using var copy = Copy(request, "https://backup.example");
        AddOwn(copy, other, own);
        var sendingCopy = otherClient.SendAsync(copy, Cancellation);

        Assert.Equal(received, primary.Received[^1]);
        _answers.SetResult();
        await Task.WhenAll(sending, sendingCopy);
    }

    [Fact]
    public async Task A_copy_whose_Authorization_was_set_as_an_object_goes_with_its_own_alone()
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client("Bearer", new FakeTokenProvider("secret-1"), primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var sending = client.SendAsync(request, Cancellation);

        using var copy = new HttpRequestMessage(HttpMethod.Get, "https://backup.example/asr");
        copy.Headers.Authorization = request.Headers.Authorization;
        AddOwn(copy, "Bearer", "Basic own");
        var sendingCopy = client.SendAsync(copy, Cancellation);

        Assert.Equal("https://backup.example/asr Authorization: Basic own", primary.Received[^1]);
        _answers.SetResult();
        await Task.WhenAll(sending, sendingCopy);
    }

    // One address of a handler is remembered, and one after many others is not.
    [Theory]
    [InlineData(0, "http://localhost:81/b")]
    [InlineData(0, Service)]
    [InlineData(0, Service + "?a=b")]
    [InlineData(10, "http://localhost:81/b")]
    [InlineData(10, Service)]
    [InlineData(10, Service + "?a=b")]
    public async Task A_request_that_is_sent_again_meanwhile_stays_where_it_is(int before, string elsewhere)
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client("Query", new FakeTokenProvider("secret-1"), primary);
        var sending = new List<Task>();
        for (var i = 0; i < before; i++)
            sending.Add(client.SendAsync(new(HttpMethod.Get, Service + i), Cancellation));

        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        sending.Add(client.SendAsync(request, Cancellation));
        var laterAnswers = new TaskCompletionSource();
        var otherPrimary = new StubPrimaryHandler(200) { AnswersAfter = laterAnswers.Task };
        using var otherClient = Client("Query", new FakeTokenProvider("secret-2"), otherPrimary);
        request.RequestUri = new Uri(elsewhere);
        var sendingAgain = otherClient.SendAsync(request, Cancellation);
        _answers.SetResult();
        await Task.WhenAll(sending);

        Assert.Equal(otherPrimary.Received, [request.RequestUri!.OriginalString]);
        Assert.EndsWith("oauth_token=secret-2", request.RequestUri.OriginalString, StringComparison.Ordinal);
        laterAnswers.SetResult();
        await sendingAgain;
        Assert.Equal(elsewhere, request.RequestUri.OriginalString);
    }

    [Fact]
    public async Task An_oauth_provider_of_the_callers_own_stays_on_a_copy()
    {
        var primary = new StubPrimaryHandler(200) { AnswersAfter = _answers.Task };
        using var client = Client("Query", new FakeTokenProvider("s+1"), primary);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service + "?oauth_provider=mr&a=b");
        var sending = client.SendAsync(request, Cancellation);

        using var copy = Copy(request, "http://localhost:81");
        var sendingCopy = client.SendAsync(copy, Cancellation);

        Assert.Equal("http://localhost:81/asr?oauth_provider=mr&a=b&oauth_token=s%2B1", primary.Received[1]);
        _answers.SetResult();
        await Task.WhenAll(sending, sendingCopy);
        Assert.Equal("http://localhost:81/asr?oauth_provider=mr&a=b", copy.RequestUri!.OriginalString);
    }

    private static HttpMessageInvoker Client(string kind, ITokenProvider provider, HttpMessageHandler primary) =>
        new(AnyHandler.Of(kind, provider, primary));

    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker client, HttpRequestMessage request) =>
        await client.SendAsync(request, Cancellation);

    private static HttpRequestMessage Copy(HttpRequestMessage request, string origin)
    {
        var copy = new HttpRequestMessage(request.Method, At(request.RequestUri!, origin));
        foreach (var header in request.Headers)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);

        return copy;
    }

    /// <summary>Adds what a caller adds in the handler's place, beside what is there.</summary>
    private static void AddOwn(HttpRequestMessage request, string kind, string own)
    {
        if (kind != "Query")
            request.Headers.TryAddWithoutValidation(kind == "Key" ? "Ocp-Apim-Subscription-Key" : "Authorization", own);
        else
            request.RequestUri = new($"{request.RequestUri}{(request.RequestUri!.Query.Length == 0 ? '?' : '&')}{own}");
    }

    private static string Received(string text, string origin) =>
        text.Replace("{0}", origin + "/asr", StringComparison.Ordinal);

    private static Uri At(Uri uri, string origin) => new(origin + uri.PathAndQuery);
}
