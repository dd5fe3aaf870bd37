using Azure.Core;
using EntraToken = Azure.Core.AccessToken;

namespace TokenAuth.Tests.Azure;

/// <summary>Answers as the test says, and remembers how it was asked.</summary>
internal sealed class ScriptedCredential(Func<int, TokenRequestContext, EntraToken> answer) : TokenCredential
{
    private readonly List<TokenRequestContext> _requests = [];

    public ScriptedCredential(TimeProvider time, params string[] tokens)
        : this((n, _) => new EntraToken(tokens[Math.Min(n, tokens.Length) - 1], time.GetUtcNow().AddHours(1))) { }

    public IReadOnlyList<TokenRequestContext> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>What the credential waits for before it answers.</summary>
    public Task Delay { get; set; } = Task.CompletedTask;

    public override async ValueTask<EntraToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    )
    {
        int number;
        lock (_requests)
        {
            _requests.Add(requestContext);
            number = _requests.Count;
        }

        await Delay.WaitAsync(cancellationToken);

        return answer(number, requestContext);
    }

    public override EntraToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
