namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What cache services and front ends are told alike.</summary>
internal static class ClusterSettings
{
    public static IResourceBuilder<ProjectResource> WithClusterSettings(
        this IResourceBuilder<ProjectResource> project,
        Topology topology,
        ReferenceExpression origin,
        IResourceBuilder<ParameterResource> poolKey,
        IResourceBuilder<IResourceWithConnectionString> etcd,
        IResourceBuilder<IResourceWithConnectionString>? redis)
    {
        foreach (var (name, value) in topology.SharedSettings)
        {
            project.WithEnvironment(name, value);
        }

        project.WithEnvironment(Setting.Url, origin)
            .WithEnvironment(Setting.PoolKey, poolKey)
            .WithEnvironment(Setting.Coord, etcd)
            .WaitFor(etcd);
        return redis is null ? project : project.WithReference(redis).WaitFor(redis);
    }

    /// <summary>Where the disk tier lies: here in the repository's state folder, published in the container's own disk.</summary>
    public static IResourceBuilder<ProjectResource> WithDisk(this IResourceBuilder<ProjectResource> cache)
    {
        var builder = cache.ApplicationBuilder;
        return cache.WithEnvironment(
            Setting.Dir,
            builder.ExecutionContext.IsPublishMode
                ? "/tmp/chunkproxy"
                : Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".chunkproxy", cache.Resource.Name)));
    }
}
