namespace ChunkProxy.Web.Cli.Commands;

/// <summary>What one character of a chunk map says of the chunks that it stands for.</summary>
internal enum MapCell
{
    /// <summary>None of them is cached.</summary>
    Nothing,

    /// <summary>Something of them is, and not all.</summary>
    Part,

    /// <summary>All are whole, some on disk alone.</summary>
    Disk,

    /// <summary>All are whole in memory.</summary>
    Memory,

    /// <summary>At least one is being filled at this moment.</summary>
    Filling,
}
