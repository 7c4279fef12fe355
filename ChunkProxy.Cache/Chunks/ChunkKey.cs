namespace ChunkProxy.Cache.Chunks;

/// <summary>Identifies a chunk in the tiers: the version's hash (which covers object, validator and chunk size) and the chunk's index.</summary>
public readonly record struct ChunkKey(Hash128 Version, long Index)
{
    // The version's hash is uniform already. The multiplication spreads consecutive indexes over the buckets.
    public override int GetHashCode() => (int)(Version.Low ^ (((ulong)Index + 1) * 0x9E3779B97F4A7C15UL >> 32));
}
