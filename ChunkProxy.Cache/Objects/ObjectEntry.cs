using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Objects;

/// <summary>What is known about one object: its variants, most recently learned first. Most objects have one.</summary>
internal sealed class ObjectEntry(ObjectId id, KnownVariant[] variants) : EvictionEntry<ObjectId>(id, WeightOf(id, variants))
{
    // Measured on the runtime's object sizes: entry, id, version, header list and dictionary node, without their strings.
    private const int FixedBytes = 512;

    public IReadOnlyList<KnownVariant> Variants => variants;

    /// <summary>Returns the variant that a request with these fields selects; null if it is not known.</summary>
    public KnownVariant? Select(RequestFields request)
    {
        foreach (var variant in variants)
        {
            if (variant.Matches(request))
            {
                return variant;
            }
        }

        return null;
    }

    /// <summary>Returns the variants after one more was learned.</summary>
    public KnownVariant[] With(KnownVariant learnt, int most) => [learnt, .. variants.Where(variant => variant.CoexistsWith(learnt)).Take(most - 1)];

    private static long WeightOf(ObjectId id, KnownVariant[] variants) =>
        FixedBytes
        + (2L * id.PathAndQuery.Length)
        + variants.Sum(variant => (variant.Known.Version is { } version ? version.Headers.Weight : 0) + (variant.Known.Reply?.Weight ?? 0) + (variant.Known.Version is null ? variant.Known.Tags.Weight : 0));
}
