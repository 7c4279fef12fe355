namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Object, as the hash of its id, and generation of a file.</summary>
internal readonly record struct StoredObject(UInt128 Id, long Generation);
