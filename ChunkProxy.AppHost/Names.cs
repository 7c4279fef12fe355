namespace ChunkProxy.AppHost;

/// <summary>What the parts of the cluster are called, and the paths that the front end reserves.</summary>
internal static class Names
{
    public const string Etcd = "etcd";
    public const string EtcdPassword = "etcd-password";
    public const string Redis = "superhot";
    public const string Origin = "origin";
    public const string SampleOrigin = "sample-origin";
    public const string Web = "web";

    /// <summary>Key prefix in etcd: processes with the same prefix are in the same cluster.</summary>
    public const string Cluster = "clusters/chunkproxy-apphost";

    /// <summary>Reserved for the proxy itself on the front end; every other path is an object of the origin.</summary>
    public const string ReservedPath = "/_chunkproxy";

    /// <summary>Fails when a process cannot do its work. On the front end it is below <see cref="ReservedPath"/>.</summary>
    public const string HealthPath = "/health";

    /// <summary>Fails only when a process does not answer at all. On the front end it is below <see cref="ReservedPath"/>.</summary>
    public const string AlivePath = "/alive";

    /// <summary>The status page of the front end.</summary>
    public const string StatusPath = $"{ReservedPath}/";
}
