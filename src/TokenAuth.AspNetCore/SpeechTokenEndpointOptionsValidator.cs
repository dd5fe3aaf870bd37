using Microsoft.Extensions.Options;

namespace TokenAuth;

internal sealed class SpeechTokenEndpointOptionsValidator : IValidateOptions<SpeechTokenEndpointOptions>
{
    private static readonly TimeSpan _longestRemaining = TimeSpan.FromMinutes(8);

    public ValidateOptionsResult Validate(string? name, SpeechTokenEndpointOptions options)
    {
        var errors = Errors(options).ToList();

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>One sentence each.</summary>
    public static IEnumerable<string> Errors(SpeechTokenEndpointOptions options)
    {
        if (options.MinimumRemaining < TimeSpan.Zero || options.MinimumRemaining > _longestRemaining)
            yield return $"MinimumRemaining is {options.MinimumRemaining:c}; write a time from zero to eight minutes: a token lives ten.";

        if (!Enum.IsDefined(options.Shape))
            yield return $"Shape is {options.Shape:D}; write Json, WebChat or Text.";
    }
}
