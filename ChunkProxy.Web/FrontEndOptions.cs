using System.ComponentModel.DataAnnotations;

namespace ChunkProxy.Web;

/// <summary>The settings of the HTTP front end, under <c>ChunkProxy:FrontEnd:</c> in configuration.</summary>
public sealed class FrontEndOptions
{
    public const string Section = "ChunkProxy:FrontEnd";

    /// <summary>Characters that a request target may have; more is answered with 414.</summary>
    [Range(256, 64 * 1024)]
    public int MaxTargetLength { get; set; } = 8 * 1024;

    /// <summary>Ranges in one request that are answered one by one; with more the whole object is sent (200), as RFC 9110 §17.15 advises.</summary>
    [Range(1, 1000)]
    public int MaxRanges { get; set; } = 16;

    /// <summary>Bytes that may be opened ahead of what one client has got so far; rounded down to whole chunks, but never under one chunk.</summary>
    [Range(0, 1024 * 1024 * 1024)]
    public int LookAheadLimit { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long a client may take nothing before its connection is aborted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often one request starts again because the object changed at the origin before the first byte was sent; then 502.</summary>
    [Range(0, 10)]
    public int VersionRestarts { get; set; } = 2;

    /// <summary>What <c>Retry-After</c> says when too many requests wait for the origin (503); whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
