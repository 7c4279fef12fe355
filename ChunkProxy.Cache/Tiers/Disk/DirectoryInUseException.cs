namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The disk tier of another process uses the directory. The message names the directory and the remedy.</summary>
public sealed class DirectoryInUseException(string directory, Exception inner) : IOException(
    $"The cache directory {directory} is in use by another process. Each process needs a directory of its own: stop the other one, or give this one another (-dir).",
    inner);
