namespace ChunkProxy.Cache.Purges;

/// <summary>Which objects a purge is for.</summary>
internal enum PurgeScope
{
    /// <summary>One object, by its key.</summary>
    Object,

    /// <summary>All objects with a path, whatever their queries are.</summary>
    Path,

    /// <summary>All objects whose paths begin with a text.</summary>
    Prefix,

    /// <summary>All objects whose response has a tag.</summary>
    Tag,
}
