#if NET
namespace TokenAuth;

internal sealed partial class CredentialUse
{
    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var own = request.RequestUri!;
        var (response, answering) = SendOnce(request, own, cancellationToken);
        var next = BlockingCall.Wait(
            static s =>
                s.This.RenewAsync(
                    s.This.LookAsync(s.response, s.Cancel),
                    s.response,
                    s.request,
                    s.own,
                    s.answering,
                    s.Cancel
                ),
            (This: this, response, request, own, answering, Cancel: cancellationToken)
        );

        return next is null ? response : next.SendOnce(request, own, cancellationToken).Response;
    }

    private (HttpResponseMessage Response, Uri? Answering) SendOnce(
        HttpRequestMessage request,
        Uri own,
        CancellationToken cancellationToken
    )
    {
        handler.Placement.Place(request, token);
        HttpResponseMessage response;
        try
        {
            response = handler.SendInner(request, cancellationToken);
        }
        catch
        {
            handler.Placement.Remove(request, own, token);
            throw;
        }

        return (response, TakeOff(request, response, own));
    }
}
#endif
