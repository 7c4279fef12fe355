namespace ChunkProxy.Cache.Sites;

/// <summary>Whether the query is part of the cache key.</summary>
public enum KeyQuery
{
    /// <summary>The query is part of the key, apart from the parameters that other settings leave out.</summary>
    All,

    /// <summary>The query is not part of the key: one object per path.</summary>
    None,
}
