using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>The name that this process, or its cluster, leaves in requests to the origin, so that a request that comes back to it is noticed (RFC 8586).</summary>
/// <remarks>
/// All members of a cluster have one name, since a request may come back to any of them. A stand-alone process has a name by chance: chains of proxies, an
/// edge before a shield, are legal, and may have the same settings.
/// </remarks>
public sealed class LoopMark
{
    public const string FieldName = "CDN-Loop";

    /// <param name="cluster">What the members of the cluster have in common; null: there is none.</param>
    public LoopMark(string? cluster) => Value = "chunkproxy-" + (cluster is null
        ? Guid.NewGuid().ToString("N")[..16] // not by the cryptography library, which a process alone has no other use for at the start
        : StableHash.Of(cluster).ToString("x32", CultureInfo.InvariantCulture)[..16]);

    public string Value { get; }

    /// <summary>A value of the request's field has this name in it. It is a list of names, each with parameters.</summary>
    public bool IsIn(string? field) => field is not null && field.Contains(Value, StringComparison.OrdinalIgnoreCase);
}
