namespace ChunkProxy.Cache.Settings;

/// <summary>Settings of the cache, <c>ChunkProxy:</c> in configuration.</summary>
public sealed class CacheOptions
{
    public const string Section = "ChunkProxy";

    /// <summary>The section with one section for each of several origins.</summary>
    internal const string OriginsSection = Section + ":Origins";

    /// <summary>The section with one section for each route.</summary>
    internal const string RoutesSection = Section + ":Routes";

    private string? _originKey;

    /// <summary>Base URL of the origin, <c>http</c> or <c>https</c>. The path of an object is appended to its path. Required, unless there are named origins.</summary>
    [PerScope]
    public Uri? Url { get; set; }

    /// <summary>
    /// Base URL of a second server with the same objects. It is asked while the first one does not answer at all. Objects keep the keys of the first.
    /// </summary>
    [PerScope]
    public Uri? BackupUrl { get; set; }

    /// <summary>Host that the origin is asked for, in <c>Host</c> and in TLS, if it is not that of the URL: <c>host</c> or <c>host:port</c>.</summary>
    [PerScope]
    public string? OriginHost { get; set; }

    /// <summary>
    /// Name of the origin in all cache keys. Default: its URL, and <see cref="OriginHost"/>. Members that reach one origin by different URLs must give it the same name.
    /// An origin that moves keeps its cache under its old name.
    /// </summary>
    [PerScope]
    public string? OriginName { get; set; }

    /// <summary>
    /// Directory of the disk tier, created if missing; or up to 16 of them, separated by commas, on a disk each. A relative path starts at the working
    /// directory of the process.
    /// </summary>
    public string Dir { get; set; } = "cache";

    /// <summary>Chunk size in bytes.</summary>
    [Between("1B", "64MiB")]
    public ByteSize ChunkSize { get; set; } = ByteSize.MiB(1);

    /// <summary>Memory for object metadata (versions, header fields), in bytes. The default is less on a machine with less than 512 MiB.</summary>
    [ConfigurationKeyName("MetadataSize")]
    [Between("64KiB")]
    public ByteSize MetadataBudget { get; set; } = ByteSize.MiB(16);

    /// <summary>Budget of the disk tier in bytes. 0: no disk tier. The default is less if the file system has less space.</summary>
    [ConfigurationKeyName("DiskSize")]
    public ByteSize DiskBudget { get; set; } = ByteSize.MiB(768);

    /// <summary>
    /// Memory for chunks in bytes: cached, being filled and being sent. At least <see cref="LeastChunksInMemory"/> chunks. The default is less on a
    /// machine with little memory.
    /// </summary>
    [ConfigurationKeyName("MemorySize")]
    public ByteSize MemoryBudget { get; set; } = ByteSize.MiB(512);

    /// <summary>Redis server of the shared super-hot tier: <c>host:port</c> and StackExchange.Redis options. Default: no shared tier.</summary>
    public string? Redis { get; set; }

    /// <summary>After the last reader left, a fill still fetches the rest of its chunk if the rest is at most this many bytes.</summary>
    public ByteSize FinishLimit { get; set; } = ByteSize.MiB(1);

    /// <summary>
    /// Bounds what a short read costs the origin: after the last reader left, a fill fetches the rest of its chunk only if the rest is at most this many
    /// times the bytes that its readers have read. Does not apply to an object's first chunk, of which players probe the first bytes.
    /// </summary>
    [Between("0", "1048576")]
    public int FinishFactor { get; set; } = 64;

    /// <summary>How long a 404 or 410 of the origin is cached, up to an hour. 0: not at all.</summary>
    [Between("0", "1 h")]
    [PerScope]
    public TimeSpan NotFoundLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Upper bound of heuristic freshness, for responses without explicit freshness: a tenth of the age by <c>Last-Modified</c>, up to this
    /// (RFC 9111 §4.2.2).
    /// </summary>
    [Between("0", "365 d")]
    [PerScope]
    public TimeSpan DefaultFreshness { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a stale version is served while the origin is unavailable, unless the origin forbids it or sets a time (RFC 9111 §4.2.4).
    /// 0: not at all.
    /// </summary>
    [Between("0", "365 d")]
    [PerScope]
    public TimeSpan StaleOnError { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Full paths of the directories of the disk tier.</summary>
    internal IReadOnlyList<string> Directories => [.. SettingText.ListOf(Dir).Select(Path.GetFullPath)];

    /// <summary>Budgets of these directories in bytes: the parts of <see cref="DiskBudget"/>.</summary>
    internal IReadOnlyList<long> DirectoryBudgets { get; set; } = [];

    /// <summary>The origin's name in the ids of its objects: a space, which no URL contains, ends a configured name.</summary>
    internal string? OriginKey => _originKey ??= OriginName is { Length: > 0 } name ? $"{name} " : KeyOf(Url?.GetLeftPart(UriPartial.Path).TrimEnd('/'));

    // One server has other objects for another host.
    private string? KeyOf(string? url) => url is not null && OriginHost is { Length: > 0 } host ? $"{url} as {host.ToLowerInvariant()} " : url;

    /// <summary>Smallest memory budget, in chunks. Less leaves no room for the fills and look-ahead of a few readers.</summary>
    internal const int LeastChunksInMemory = 16;
}
