using Microsoft.Extensions.Options;
using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers fixed tokens.</summary>
public static class TokenAuthStaticTokenExtensions
{
    /// <summary>Registers a fixed token, such as a VK Cloud service token.</summary>
    public static TokenAuthBuilder AddStaticToken(this TokenAuthBuilder builder, string name, string token) =>
        builder.Add(name, () => new TokenProviderRegistration(name, _ => Prepare(name, token)));

    private static Func<ITokenProvider> Prepare(string name, string token)
    {
        var options = new StaticTokenOptions
        {
            Token = token,
            SettingPrefix = TokenProviderRegistrationExtensions.PathOf(name),
        };
        var faults = StaticTokenOptionsValidator.Faults(options).ToList();
        if (faults.Count > 0)
            throw new OptionsValidationException(name, typeof(StaticTokenOptions), faults);

        return () => new StaticTokenProvider(token);
    }
}
