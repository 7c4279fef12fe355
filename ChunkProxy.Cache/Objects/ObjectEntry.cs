using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Lookup;

namespace ChunkProxy.Cache.Objects;

/// <summary>What is known of one object, and until when it need not be asked again.</summary>
internal sealed class ObjectEntry(ObjectId id, ObjectLookup known, DateTimeOffset until) : EvictionEntry<ObjectId>(id, WeightOf(id, known))
{
    // Measured on the runtime's object sizes: entry, id, version, header list and dictionary node, without their strings.
    private const int FixedBytes = 512;

    public ObjectLookup Known { get; } = known;

    public DateTimeOffset Until { get; } = until;

    private static long WeightOf(ObjectId id, ObjectLookup known) =>
        FixedBytes
        + (2L * id.PathAndQuery.Length)
        + (known.Version is { } version ? version.Headers.EndToEnd.Sum(field => 80L + (2 * (field.Key.Length + field.Value.Length))) : 0)
        + (known.Reply?.Weight ?? 0);
}
