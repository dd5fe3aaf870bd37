using System.Net;
using TokenAuth.Testing;

namespace TokenAuth.Tool;

/// <summary>The emulator's addresses, and commands that can be pasted.</summary>
internal static class EmulatorGuide
{
    private const string Dot =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static string Text(TokenServiceEmulator emulator)
    {
        var (voice, vision, azure) = (VkCloudClient.Voice, VkCloudClient.Vision, emulator.AzureSpeech);
        var allowHttp = IPAddress.IsLoopback(emulator.Options.Address)
            ? ""
            : " TokenAuth__voice__AllowHttp=true TokenAuth__speech__AllowHttp=true";

        return $$"""
            # VK Cloud token endpoint  {{emulator.VkTokenEndpoint}}
            # VK Voice                 {{emulator.VoiceAddress}}
            # VK Vision                {{emulator.VisionAddress}}
            # Azure token endpoint     {{emulator.AzureTokenEndpoint}}
            # Azure speech to text     {{emulator.AzureSttAddress}}
            # Azure text to speech     {{emulator.AzureTtsAddress}}
            # Azure Speech SDK         {{emulator.AzureSpeechHost}}

            # An application that reads TokenAuth:voice and TokenAuth:speech finds it with
            export TokenAuth__voice__Provider=VkCloud TokenAuth__voice__TokenEndpoint={{emulator.VkTokenEndpoint}} TokenAuth__voice__ClientId={{voice.ClientId}} TokenAuth__voice__ClientSecret={{voice.ClientSecret}}
            export TokenAuth__speech__Provider=AzureSpeech TokenAuth__speech__TokenEndpoint={{emulator.AzureTokenEndpoint}} TokenAuth__speech__SubscriptionKey={{azure.PrimaryKey}}{{allowHttp}}
            # This moves the token calls alone. Set the BaseAddress of the application's clients to the addresses above, too.

            # VK Voice: a first token (one of the project's 25 refresh tokens), a renewal, text to audio and back.
            reply=$(curl -sS -L -X POST '{{emulator.VkTokenEndpoint}}' -HContent-Type:application/json -d '{"client_id":"{{voice.ClientId}}","client_secret":"{{voice.ClientSecret}}","grant_type":"client_credentials"}')
            echo "$reply"
            refresh=$(echo "$reply" | sed 's/.*"refresh_token":"\([^"]*\)".*/\1/')
            reply=$(curl -sS -X POST '{{emulator.VkTokenEndpoint}}' -HContent-Type:application/json -d '{"client_id":"{{voice.ClientId}}","refresh_token":"'$refresh'","grant_type":"refresh_token"}')
            echo "$reply"
            access=$(echo "$reply" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
            curl -sS -L --request POST --url '{{emulator.VoiceAddress}}tts?encoder=pcm' --header "Authorization: Bearer $access" --header 'Content-Type: text/plain' --data 'hello alice' --output vk.wav
            curl -sS -L --request POST '{{emulator.VoiceAddress}}asr' --header 'Content-Type: audio/wave' --header "Authorization: Bearer $access" --data-binary '@vk.wav'; echo

            # VK Vision: a client of its own; the token goes into the query.
            reply=$(curl -sS -L -X POST '{{emulator.VkTokenEndpoint}}' -HContent-Type:application/json -d '{"client_id":"{{vision.ClientId}}","client_secret":"{{vision.ClientSecret}}","grant_type":"client_credentials"}')
            access=$(echo "$reply" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
            echo {{Dot}} | base64 -d > dot.png
            curl -sS "{{emulator.VisionAddress}}objects/detect?oauth_provider=mcs&oauth_token=$access" -F file_0=@dot.png -F meta='{"mode":["object"],"images":[{"name":"file_0"}]}'; echo

            # Azure Speech: a token, text to speech with the key, speech to text with the token.
            token=$(curl -sS -X POST '{{emulator.AzureTokenEndpoint}}' -H 'Content-type: application/x-www-form-urlencoded' -H 'Content-Length: 0' -H 'Ocp-Apim-Subscription-Key: {{azure.PrimaryKey}}')
            echo "$token"
            curl -sS --location --request POST '{{emulator.AzureTtsAddress}}' --header 'Ocp-Apim-Subscription-Key: {{azure.SecondaryKey}}' --header 'Content-Type: application/ssml+xml' --header 'X-Microsoft-OutputFormat: riff-24khz-16bit-mono-pcm' --data-raw '<speak version="1.0" xml:lang="en-US"><voice name="en-US-AvaMultilingualNeural">hello</voice></speak>' --output azure.wav
            curl -sS --location --request POST '{{emulator.AzureSttAddress}}?language=en-US' --header "Authorization: Bearer $token" --header 'Content-Type: audio/wav' --header 'Transfer-Encoding: chunked' --data-binary '@azure.wav'; echo

            # Ctrl+C stops the emulator.
            """;
    }

    public static string Text(TokenServiceLedger ledger) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"""
            # client_credentials {ledger.ClientCredentialsCalls}, refresh_token {ledger.RefreshTokenCalls}, issueToken {ledger.IssueTokenCalls}
            # refresh tokens spent {ledger.RefreshTokensMinted}, access tokens issued {ledger.AccessTokensMinted}
            # data calls {ledger.DataCalls}, rejected {ledger.DataCallsRejected}
            """
        );
}
