namespace TokenAuth;

/// <summary>What an owner, such as a handler, keeps with a tenant while both are in use. A class, so that each request finds it without a cast.</summary>
internal abstract class TenantAttachment(object owner)
{
    public object Owner => owner;
}
