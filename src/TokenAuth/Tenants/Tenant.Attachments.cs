namespace TokenAuth;

/// <content>The objects that handlers keep with the tenant, so that they leave memory with it.</content>
internal sealed partial class Tenant
{
    private TenantAttachment[] _attached = []; // replaced, never changed

    /// <summary>The object that this owner keeps with the tenant; null when there is none yet.</summary>
    public TenantAttachment? AttachedOf(object owner)
    {
        foreach (var attached in Volatile.Read(ref _attached))
            if (ReferenceEquals(attached.Owner, owner))
                return attached;

        return null;
    }

    /// <summary>Keeps something with the tenant.</summary>
    /// <param name="isAlike">Whether its owner belongs to the same client. The previous owner's object is kept too, because that owner may still be in use.</param>
    public void Attach(TenantAttachment made, Func<TenantAttachment, bool> isAlike)
    {
        var before = Volatile.Read(ref _attached);
        var replaced = before.Where(isAlike).Skip(1);
        TenantAttachment[] after = [made, .. before.Except(replaced)];
        Interlocked.CompareExchange(ref _attached, after, before); // a lost race costs one more
    }
}
