namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The state of the chunks behind one character of a chunk map.</summary>
internal enum MapCell
{
    /// <summary>None of the chunks is cached.</summary>
    Nothing,

    /// <summary>Some bytes are cached, but not every chunk is complete.</summary>
    Part,

    /// <summary>All chunks are complete; at least one is on disk only.</summary>
    Disk,

    /// <summary>All chunks are complete in memory.</summary>
    Memory,

    /// <summary>At least one chunk is being filled.</summary>
    Filling,
}
