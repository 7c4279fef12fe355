using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Logs;

/// <summary>The access log, under <c>ChunkProxy:AccessLog</c> in configuration.</summary>
public sealed class AccessLogOptions
{
    public const string Section = CacheOptions.Section + ":AccessLog";

    /// <summary>The file, or <c>stdout</c>. Null: no access log.</summary>
    public string? To { get; set; }

    /// <summary><c>combined</c>, <c>json</c>, or a template with names of values in braces.</summary>
    public string Format { get; set; } = "combined";

    /// <summary>Whether targets and referers are logged with their queries, which may contain tokens.</summary>
    public bool Query { get; set; }

    /// <summary>Memory for lines that are not written yet. Lines beyond it are dropped, and counted in the application's log.</summary>
    [Between("64KiB", "1GiB")]
    public ByteSize BufferSize { get; set; } = ByteSize.MiB(4);

    /// <summary>Longest time that a line stays in memory, if the file takes it.</summary>
    [Between("10 ms", "1 min")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);
}
