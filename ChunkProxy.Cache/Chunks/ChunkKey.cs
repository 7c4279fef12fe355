namespace ChunkProxy.Cache.Chunks;

/// <summary>Names a chunk in the tiers: a version's hash (which covers object, validator and chunk size) and the chunk's number.</summary>
public readonly record struct ChunkKey(UInt128 Version, long Index)
{
    // The version's hash is uniform already; the multiplication spreads consecutive numbers over the buckets.
    public override int GetHashCode() => (int)((ulong)Version ^ (((ulong)Index + 1) * 0x9E3779B97F4A7C15UL >> 32));
}
