using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Where and for whom the reserved prefix is answered, under <c>ChunkProxy:</c> in configuration.</summary>
internal sealed class AdminOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>An address of its own for the reserved prefix; null: it is answered where clients are.</summary>
    public HostPort? AdminAddress { get; set; }

    /// <summary>The secret that actions need: 16 to 512 visible ASCII characters. None: no action is possible.</summary>
    public string? AdminKey { get; set; }

    /// <summary>A file with the secret, in place of <see cref="AdminKey"/>; white space around it does not count.</summary>
    public string? AdminKeyFile { get; set; }

    /// <summary>What the secret is needed for; null: for everything at the address of clients, and for actions at <see cref="AdminAddress"/>.</summary>
    public AdminKeyGuards? AdminKeyGuards { get; set; }

    /// <summary>
    /// Further hosts by which operators reach this process, separated by commas: <c>host</c> or <c>*.domain</c>. Where looking needs no key, a request
    /// that names another host is refused. Addresses, <c>localhost</c> and the machine's name are always accepted.
    /// </summary>
    public string? AdminHosts { get; set; }

    /// <summary><see cref="AdminHosts"/>, one by one.</summary>
    internal IReadOnlyList<string> AdminHostNames => AdminHosts?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
