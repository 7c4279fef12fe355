using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Settings;

/// <summary>The settings of the cache, under <c>ChunkProxy:</c> in configuration.</summary>
public sealed class CacheOptions
{
    public const string Section = "ChunkProxy";

    private string? _originKey;

    /// <summary>Base URL of the origin, <c>http</c> or <c>https</c>; an object's path is appended to its path. Required.</summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// What the origin is called in the keys of everything cached; none: by its URL. Members that reach one origin by different URLs give it one name, and
    /// one that has moved keeps its cache under its old name.
    /// </summary>
    public string? OriginName { get; set; }

    /// <summary>Directory of the disk tier, made if it is not there. Relative: to the directory the process was started in.</summary>
    public string Dir { get; set; } = "cache";

    /// <summary>Bytes in a chunk.</summary>
    [Between("1B", "64MiB")]
    public ByteSize ChunkSize { get; set; } = ByteSize.MiB(1);

    /// <summary>Bytes of memory for what is known of objects (versions, headers).</summary>
    [ConfigurationKeyName("MetadataSize")]
    [Between("64KiB")]
    public ByteSize MetadataBudget { get; set; } = ByteSize.MiB(16);

    /// <summary>Bytes that the disk tier may hold; 0: no disk tier.</summary>
    [ConfigurationKeyName("DiskSize")]
    public ByteSize DiskBudget { get; set; } = ByteSize.MiB(768);

    /// <summary>Bytes of memory for chunks: cached, being filled and being sent. At least <see cref="LeastChunksInMemory"/> chunks.</summary>
    [ConfigurationKeyName("MemorySize")]
    public ByteSize MemoryBudget { get; set; } = ByteSize.MiB(512);

    /// <summary>Where Redis is, for the shared tier of super-hot chunks: <c>host:port</c> and options as StackExchange.Redis reads them. None: no such tier.</summary>
    public string? Redis { get; set; }

    /// <summary>When nobody reads a chunk any more, what is missing of it is still fetched if it is no more than this.</summary>
    public ByteSize FinishLimit { get; set; } = ByteSize.MiB(1);

    /// <summary>How long the origin's 404 or 410 is taken as still true; up to an hour, 0: not at all.</summary>
    [Between("0", "1 h")]
    public TimeSpan NotFoundLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest time for which a version is taken as current when the origin says nothing about that: a tenth of its age by <c>Last-Modified</c>,
    /// up to this (RFC 9111 §4.2.2).
    /// </summary>
    [Between("0", "365 d")]
    public TimeSpan DefaultFreshness { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a stale version is served while the origin cannot be asked, where the origin neither forbids that nor says how long
    /// (RFC 9111 §4.2.4); 0: not at all.
    /// </summary>
    [Between("0", "365 d")]
    public TimeSpan StaleOnError { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The object at a path of this origin.</summary>
    /// <param name="pathAndQuery">In its normal form.</param>
    public ObjectId ObjectAt(string pathAndQuery) => new(pathAndQuery, OriginKey);

    private string? OriginKey => _originKey ??= OriginName is { Length: > 0 } name ? $"{name} " : Url?.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Fewer chunks in memory would leave no room for the fills and look-ahead of a handful of readers.</summary>
    internal const int LeastChunksInMemory = 16;
}
