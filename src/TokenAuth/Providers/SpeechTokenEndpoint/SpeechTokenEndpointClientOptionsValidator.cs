using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class SpeechTokenEndpointClientOptionsValidator : IValidateOptions<SpeechTokenEndpointClientOptions>
{
    public ValidateOptionsResult Validate(string? name, SpeechTokenEndpointClientOptions options) =>
        SettingError.Result(Errors(options));

    private static IEnumerable<string> Errors(SpeechTokenEndpointClientOptions options)
    {
        var at = options.SettingPrefix;

        if (options.Address is null)
            yield return $"{at}Address is missing; write the application's endpoint, for example 'https://app.example.com/speech-token'.";
        else if (
            SettingError.OfEndpoint($"{at}Address", options.Address, (options.AllowHttp, $"{at}AllowHttp")) is { } error
        )
            yield return error;

        if (!string.IsNullOrEmpty(options.Region) && !AzureSpeechRegion.IsWellFormed(options.Region!))
            yield return $"{at}Region is no region's name; write it without spaces in lower case, for example 'westeurope', or leave it out.";

        if (options.HttpClientName is not null && string.IsNullOrWhiteSpace(options.HttpClientName))
            yield return $"{at}HttpClientName is blank; write the name of a client that signs in, or leave it out.";
    }
}
