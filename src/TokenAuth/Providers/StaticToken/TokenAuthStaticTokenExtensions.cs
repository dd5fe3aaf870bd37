using TokenAuth;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers fixed tokens.</summary>
public static class TokenAuthStaticTokenExtensions
{
    /// <summary>Registers a fixed token, such as a VK Cloud service token.</summary>
    public static TokenAuthBuilder AddStaticToken(this TokenAuthBuilder builder, string name, string token) =>
        builder.Add(
            name,
            () =>
                new TokenProviderRegistration(
                    name,
                    _ =>
                        StaticTokenOptionsValidator.Faults(
                            new StaticTokenOptions
                            {
                                Token = token,
                                SettingPrefix = TokenProviderRegistrationExtensions.PathOf(name),
                            }
                        ),
                    _ => new StaticTokenProvider(token)
                )
        );
}
