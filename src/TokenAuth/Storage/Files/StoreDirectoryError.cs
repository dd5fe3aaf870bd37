namespace TokenAuth;

/// <summary>Explains why a directory, or a file in it, is not one to keep tokens in.</summary>
internal static class StoreDirectoryError
{
    public static TokenStoreException IsLink(string path) =>
        new(
            $"'{path}' is a symbolic link, through which somebody else could choose where tokens go; "
                + "name the real directory, or remove the link."
        );

    public static TokenStoreException IsNoFile(string path) =>
        new($"'{path}' is a pipe, a device or a directory where the token store has a file; remove it.");

    public static TokenStoreException LocksDoNotLock(string path, string why) =>
        new(
            $"Locks do not lock in '{Path.GetDirectoryName(path)}' ({why}): two processes could renew one grant at once. "
                + "Name a directory on a local disk, or use a fleet store."
        );

    public static TokenStoreException IsAnothers(string path, uint owner) =>
        new(
            $"'{path}' belongs to the user {owner}, and this process runs as user {UnixFile.User}: one of them could read or replace "
                + "the other's tokens. Name a directory of this user's, or give it to this user (chown)."
        );

    public static TokenStoreException HoldsForeignFiles(string path, string file) =>
        new(
            $"The store directory '{path}' is open to other users and holds '{Path.GetFileName(file)}', which is not "
                + "the store's; give the store a directory of its own, or make this one private (chmod 700)."
        );

    public static TokenStoreException IsAnothersVolume(string path, Exception cause) =>
        new(
            $"The store directory '{path}' is open to other users and belongs to another one (a mounted volume?); "
                + "name a directory inside it, which the store makes for itself.",
            cause
        );
}
