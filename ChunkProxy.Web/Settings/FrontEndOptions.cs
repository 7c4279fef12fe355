using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Settings;

/// <summary>The settings of the HTTP front end, under <c>ChunkProxy:FrontEnd:</c> in configuration.</summary>
public sealed class FrontEndOptions
{
    public const string Section = "ChunkProxy:FrontEnd";

    /// <summary>Longest request target, in characters; longer ones receive 414.</summary>
    [Between("256", "65,536")]
    public int MaxTargetLength { get; set; } = 8 * 1024;

    /// <summary>Most ranges in one request. With more, the whole object is sent (200), as RFC 9110 §17.15 advises.</summary>
    [Between("1", "1,000")]
    public int MaxRanges { get; set; } = 16;

    /// <summary>Bytes opened ahead of what a client has received. Rounded down to whole chunks, at least one chunk.</summary>
    [Between("0", "1GiB")]
    public ByteSize LookAheadLimit { get; set; } = ByteSize.MiB(8);

    /// <summary>Most connections of clients. At the limit, idle ones end for new ones. 0: as many as the limit of open files allows.</summary>
    [Between("0", "10,000,000")]
    public int MaxConnections { get; set; }

    /// <summary>Time that a client may read nothing before its connection is aborted.</summary>
    [Between("1 s", "1 d")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most responses for uncacheable objects that one client address receives at one time; further ones receive 429.</summary>
    [Between("1", "10,000")]
    public int PassThroughPerClient { get; set; } = 16;

    /// <summary>Whether bodies are sent from the cache's own memory, without a copy into the server's buffers, if the connection permits.</summary>
    public bool LendMemory { get; set; } = true;

    /// <summary>Most concurrent requests of one HTTP/2 connection. Each may hold a chunk and 64 KiB until its client reads.</summary>
    [Between("1", "1,000")]
    public int Http2Streams { get; set; } = 100;

    /// <summary>Restarts of one request because the object changed at the origin before the first byte was sent; then 502.</summary>
    [Between("0", "10")]
    public int VersionRestarts { get; set; } = 2;

    /// <summary>Value of <c>Retry-After</c> in responses 429 and 503, in whole seconds.</summary>
    [Between("1 s", "1 h")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
