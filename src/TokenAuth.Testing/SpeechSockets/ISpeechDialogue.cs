namespace TokenAuth.Testing;

/// <summary>The service's side of one websocket: takes each message of the client and sends what it leads to.</summary>
internal interface ISpeechDialogue
{
    Task HandleAsync(SpeechMessage message, CancellationToken cancellationToken);
}
