using Microsoft.Extensions.Configuration;

namespace TokenAuth;

/// <summary>A kind of token store as a configuration section names it: below <c>Store</c>, beside the providers.</summary>
internal interface IStoreKind
{
    /// <summary>The value of <c>"Kind"</c>, in any case.</summary>
    string Name { get; }

    /// <summary>The keys that may stand beside <c>"Kind"</c>.</summary>
    IReadOnlyDictionary<string, SettingType> Settings { get; }

    /// <summary>The errors of a section whose keys are known and whose texts can be read, one sentence each. Makes no store.</summary>
    IEnumerable<string> Errors(IConfigurationSection section);

    /// <summary>Makes the store of a section without errors.</summary>
    ITokenStore Create(IServiceProvider services, IConfigurationSection section);
}
