using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Object, as the hash of its id, and generation of a file.</summary>
internal readonly record struct StoredObject(Hash128 Id, long Generation);
