namespace ChunkProxy.Cache.Status;

/// <summary>Where a chunk is.</summary>
/// <param name="Memory">How much of it is in the memory of this process.</param>
/// <param name="Disk">Whether it is on the disk of this process.</param>
/// <param name="SuperHot">Whether Redis lists it.</param>
/// <param name="Filling">Whether this process is fetching it.</param>
/// <param name="Owner">The member that owns it.</param>
internal readonly record struct ChunkPlace(MemoryPresence Memory, bool Disk, bool SuperHot, bool Filling, string Owner);
