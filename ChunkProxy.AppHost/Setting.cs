namespace ChunkProxy.AppHost;

/// <summary>Settings of the cache and the front end, as environment variables.</summary>
internal static class Setting
{
    public const string Url = "ChunkProxy__Url";
    public const string OriginName = "ChunkProxy__OriginName";
    public const string Dir = "ChunkProxy__Dir";
    public const string WebAddr = "ChunkProxy__WebAddr";
    public const string PoolAddr = "ChunkProxy__PoolAddr";
    public const string Name = "ChunkProxy__Name";
    public const string PoolListen = "ChunkProxy__PoolListen";
    public const string PoolPeers = "ChunkProxy__PoolPeers";
    public const string PoolKey = "ChunkProxy__PoolKey";
    public const string PoolKeyFile = "ChunkProxy__PoolKeyFile";
    public const string AdminKey = "ChunkProxy__AdminKey";
    public const string AdminKeyFile = "ChunkProxy__AdminKeyFile";
    public const string AdminKeyGuards = "ChunkProxy__AdminKeyGuards";
    public const string Coord = "ChunkProxy__Coord";
    public const string Cluster = "ChunkProxy__Cluster";
    public const string EtcdUsername = "ChunkProxy__Etcd__Username";
    public const string EtcdPassword = "ChunkProxy__Etcd__Password";
    public const string EtcdEnableAuthentication = "ChunkProxy__Etcd__EnableAuthentication";
    public const string ChunkSize = "ChunkProxy__ChunkSize";
    public const string MemorySize = "ChunkProxy__MemorySize";
    public const string DiskSize = "ChunkProxy__DiskSize";

    /// <summary>A connection string, as Aspire passes it for a reference to the resource of that name.</summary>
    public const string Redis = $"ConnectionStrings__{Names.Redis}";

    /// <summary>The value of <see cref="PoolAddr"/> for a front end, which owns nothing.</summary>
    public const string OwnsNothing = "none";
}
