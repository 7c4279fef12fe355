namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>One entry of a directory walk. <paramref name="Length"/> is in bytes, 0 for a directory.</summary>
internal sealed record DirectoryEntry(string Path, long Length, bool IsDirectory);
