using TokenAuth.Testing;

namespace TokenAuth.Soak;

/// <summary>What else goes wrong at Azure: the first of the two keys is regenerated.</summary>
internal sealed class AzureEpisodes(Vendor vendor, TokenServiceEmulator emulator, SoakFleet fleet)
    : VendorEpisodes(
        vendor,
        TimeSpan.FromSeconds(70), // the latest early renewal starts 114 s before the token ends, and a back-off takes 30 s
        () => emulator.AzureSpeech.RevokeAccessTokens(),
        emulator.AzureSpeech.RevokeAccessToken,
        fleet
    )
{
    private bool _isRegenerated;

    public override Episode Draw(Random random) => random.Next(10) == 0 ? RegenerateKey() : base.Draw(random);

    private Episode RegenerateKey() =>
        new(
            $"{Vendor.Name}: the primary key of '{TokenLine.Spare.Name}' is regenerated (once a run)",
            async stop =>
            {
                if (_isRegenerated)
                    return;

                _isRegenerated = true;
                Vendor[TokenLine.Spare].AllowRefusals(1); // then the other key is remembered
                emulator.AzureSpeech.RegenerateKey(AzureSpeechKey.Primary);
                await Clock.DelayAsync(TimeSpan.FromMinutes(1), stop);
            }
        );
}
