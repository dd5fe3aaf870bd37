using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers fixed tokens.</summary>
public static class TokenAuthStaticTokenExtensions
{
    /// <summary>Registers a fixed token, such as a VK Cloud service token.</summary>
    public static TokenAuthBuilder AddStaticToken(this TokenAuthBuilder builder, string name, string token)
    {
        if (SecretText.IsLikely(name ?? "") && !SecretText.IsLikely(token ?? ""))
            throw new ArgumentException(
                "The name of a token provider looks like a token; write AddStaticToken(name, token).",
                nameof(name)
            );

        return builder.Add(name!, () => new TokenProviderRegistration(name!, _ => Prepare(name!, token!)));
    }

    private static PreparedProvider Prepare(string name, string token)
    {
        var options = new StaticTokenOptions
        {
            Token = token,
            SettingPrefix = TokenProviderRegistrationExtensions.PathOf(name),
        };
        var errors = StaticTokenOptionsValidator.Errors(options).ToList();
        if (errors.Count > 0)
            throw new OptionsValidationException(name, typeof(StaticTokenOptions), errors);

        return new(() => new StaticTokenProvider(token));
    }
}
