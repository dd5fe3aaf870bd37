namespace TokenAuth;

/// <summary>The settings of a kind of store: its own, and those that every store has.</summary>
internal static class StoreSettings
{
    public static IReadOnlyDictionary<string, SettingType> With(params (string Name, SettingType Type)[] own) =>
        ProviderSettings.Named([
            .. own,
            (nameof(TokenStoreOptions.EncryptionKey), SettingType.Text),
            (nameof(TokenStoreOptions.PreviousEncryptionKeys), SettingType.List),
            (nameof(TokenStoreOptions.AllowUnencrypted), SettingType.Switch),
        ]);
}
