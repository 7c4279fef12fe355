namespace ChunkProxy.Cache.Purges;

/// <summary>Content made from objects, such as compressed content, that does not know which objects a purge covers.</summary>
internal interface IDerivedContent
{
    /// <summary>Forgets all of it, as each purge requires. It can be made again.</summary>
    void Clear();
}
