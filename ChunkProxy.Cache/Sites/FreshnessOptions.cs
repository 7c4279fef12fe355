using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>How long responses stay fresh, by path and by status, under <c>ChunkProxy:Freshness</c> in configuration.</summary>
public sealed class FreshnessOptions
{
    public const string Section = CacheOptions.Section + ":Freshness";

    /// <summary>
    /// Lifetimes that replace what the origin says, <c>pattern=time</c>, separated by commas; the first pattern that matches the path counts.
    /// What the origin does not allow to be stored is not stored.
    /// </summary>
    public string? Override { get; set; }

    /// <summary>Lifetimes of responses for which the origin states none, in the same form.</summary>
    public string? Default { get; set; }

    /// <summary>
    /// How long responses with a status from 300 are remembered, <c>status=time</c>, separated by commas: the upper bound, and the lifetime if the origin
    /// states none. For other statuses <c>Origin:KeptStatuses</c> and <c>NotFoundLifetime</c> count.
    /// </summary>
    public string? Statuses { get; set; }
}
