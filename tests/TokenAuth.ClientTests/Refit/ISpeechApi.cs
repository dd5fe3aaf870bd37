using Refit;

namespace TokenAuth.ClientTests.Refit;

internal interface ISpeechApi
{
    [Post("/echo")]
    Task<Phrase> EchoAsync([Body] Phrase phrase, CancellationToken cancellationToken);
}
