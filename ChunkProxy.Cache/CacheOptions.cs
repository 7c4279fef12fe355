using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache;

/// <summary>The settings of the cache, under <c>ChunkProxy:</c> in configuration.</summary>
public sealed class CacheOptions
{
    public const string Section = "ChunkProxy";

    private const int MiB = 1024 * 1024;

    /// <summary>Base URL of the origin; an object's path is appended to its path.</summary>
    public Uri? Url { get; set; }

    /// <summary>Directory of the disk tier; none: no disk tier.</summary>
    public string? Dir { get; set; }

    /// <summary>Bytes in a chunk.</summary>
    public int ChunkSize { get; set; } = 1 * MiB;

    /// <summary>Bytes of memory for what is known of objects (versions, headers).</summary>
    public long MetadataBudget { get; set; } = 16 * MiB;

    /// <summary>Bytes that the disk tier may hold.</summary>
    public long DiskBudget { get; set; } = 768 * MiB;

    /// <summary>Bytes of memory for chunks: cached, being filled and being sent.</summary>
    public long MemoryBudget { get; set; } = 512 * MiB;
}
