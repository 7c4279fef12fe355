namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Another process has its disk tier in this directory. The message says which, and what to do.</summary>
public sealed class DirectoryInUseException(string directory, Exception inner) : IOException(
    $"The cache directory {directory} is in use by another process. Each process needs a directory of its own: stop the other one, or give this one another (-dir).",
    inner)
{
    public string Directory { get; } = directory;
}
