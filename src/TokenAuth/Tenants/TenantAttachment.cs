namespace TokenAuth;

/// <summary>An object that an owner, such as a handler, keeps with a tenant while both are in use. A class: each request finds it without a cast.</summary>
internal abstract class TenantAttachment(object owner)
{
    public object Owner => owner;
}
