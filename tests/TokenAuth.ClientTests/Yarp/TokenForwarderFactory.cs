using Yarp.ReverseProxy.Forwarder;

namespace TokenAuth.ClientTests.Yarp;

// recipe: yarp-factory
internal sealed class TokenForwarderFactory(ITokenProvider voice) : ForwarderHttpClientFactory
{
    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new BearerTokenHandler(voice, new() { ReplaceExisting = true })
        {
            InnerHandler = base.WrapHandler(context, handler),
        };
}

// end of recipe
