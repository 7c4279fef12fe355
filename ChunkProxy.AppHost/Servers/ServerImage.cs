namespace ChunkProxy.AppHost.Servers;

/// <summary>The pinned container image of a server.</summary>
/// <param name="Registry">Host of the registry.</param>
/// <param name="Repository">Name in the registry.</param>
/// <param name="Tag">Version.</param>
/// <param name="Program">The server's program in the image.</param>
internal sealed record ServerImage(string Registry, string Repository, string Tag, string Program)
{
    public static ServerImage Etcd { get; } = new("quay.io", "coreos/etcd", "v3.6.5", "/usr/local/bin/etcd");

    public static ServerImage Redis { get; } = new("docker.io", "library/redis", "8.6", "redis-server");

    /// <summary>The name for a container runtime: <c>registry/repository:tag</c>.</summary>
    public override string ToString() => $"{Registry}/{Repository}:{Tag}";
}
