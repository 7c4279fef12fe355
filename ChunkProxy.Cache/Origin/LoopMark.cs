using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>
/// Identifies this process or its cluster in requests to the origin, so that a request loop is detected (<c>CDN-Loop</c>, RFC 8586).
/// </summary>
/// <remarks>
/// All members of a cluster share one name, since a looping request may reach any of them. A stand-alone process has a random name: a chain of
/// proxies (an edge before a shield) is legal, and its proxies may have equal settings.
/// </remarks>
public sealed class LoopMark
{
    public const string FieldName = "CDN-Loop";

    /// <param name="cluster">What the members of the cluster have in common; null for a stand-alone process.</param>
    public LoopMark(string? cluster) => Value = "chunkproxy-" + (cluster is null
        ? Guid.NewGuid().ToString("N")[..16] // a Guid, because a stand-alone process does not otherwise load the cryptography library at startup
        : StableHash.Of(cluster).ToString()[..16]);

    public string Value { get; }

    /// <summary>Returns whether the field value contains this name. The value is a list of names with parameters.</summary>
    public bool IsIn(string? field) => field is not null && field.Contains(Value, StringComparison.OrdinalIgnoreCase);
}
