using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Settings;

/// <summary>The settings of the HTTP front end, under <c>ChunkProxy:FrontEnd:</c> in configuration.</summary>
public sealed class FrontEndOptions
{
    public const string Section = "ChunkProxy:FrontEnd";

    /// <summary>Characters that a request target may have; more is answered with 414.</summary>
    [Between("256", "65,536")]
    public int MaxTargetLength { get; set; } = 8 * 1024;

    /// <summary>
    /// Ranges in one request that are answered one by one; with more the whole object is sent (200), as RFC 9110 §17.15 advises.
    /// </summary>
    [Between("1", "1,000")]
    public int MaxRanges { get; set; } = 16;

    /// <summary>
    /// Bytes that may be opened ahead of what one client has got so far; rounded down to whole chunks, but never under one chunk.
    /// </summary>
    [Between("0", "1GiB")]
    public ByteSize LookAheadLimit { get; set; } = ByteSize.MiB(8);

    /// <summary>How long a client may take nothing before its connection is aborted.</summary>
    [Between("1 s", "1 d")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether bodies are sent from the cache's own memory, where the connection allows it, and not copied into the server's buffers first.
    /// </summary>
    public bool LendMemory { get; set; } = true;

    /// <summary>
    /// How often one request starts again because the object changed at the origin before the first byte was sent; then 502.
    /// </summary>
    [Between("0", "10")]
    public int VersionRestarts { get; set; } = 2;

    /// <summary>What <c>Retry-After</c> says when too many requests wait for the origin (503); whole seconds.</summary>
    [Between("1 s", "1 h")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
