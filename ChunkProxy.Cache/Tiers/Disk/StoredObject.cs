namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Of which object, by the hash of its id, and of which generation a file is.</summary>
internal readonly record struct StoredObject(UInt128 Id, long Generation);
