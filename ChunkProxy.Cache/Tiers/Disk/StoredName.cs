using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Whose chunk a file has: the object (<see cref="ObjectId.Name"/>), the generation, and the tags of the response that brought the chunk.</summary>
internal readonly record struct StoredName(string Name, long Generation, ObjectTags Tags);
