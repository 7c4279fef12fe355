using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>The settings of the reserved prefix, under <c>ChunkProxy:</c> in configuration.</summary>
internal sealed class AdminOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>Separate address of the reserved prefix; null: the address for clients.</summary>
    public HostPort? AdminAddress { get; set; }

    /// <summary>The secret that actions require: 16 to 512 visible ASCII characters. Without one, actions are disabled.</summary>
    public string? AdminKey { get; set; }

    /// <summary>File with the secret, instead of <see cref="AdminKey"/>. Surrounding white space is ignored.</summary>
    public string? AdminKeyFile { get; set; }

    /// <summary>What requires the secret; null: everything at the address for clients, actions at <see cref="AdminAddress"/>.</summary>
    public AdminKeyGuards? AdminKeyGuards { get; set; }

    /// <summary>Further hosts by which operators reach this process, separated by commas: <c>host</c> or <c>*.domain</c>.</summary>
    /// <remarks>
    /// Where reading requires no key, a request that names another host is refused. Addresses, <c>localhost</c> and the machine's name are always
    /// accepted.
    /// </remarks>
    public string? AdminHosts { get; set; }

    /// <summary>Entries of <see cref="AdminHosts"/>.</summary>
    internal IReadOnlyList<string> AdminHostNames => SettingText.ListOf(AdminHosts);
}
