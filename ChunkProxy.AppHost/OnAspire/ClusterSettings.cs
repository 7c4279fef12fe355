namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What cache services and front ends are told.</summary>
internal static class ClusterSettings
{
    /// <summary>What all of them are told alike.</summary>
    public static IResourceBuilder<ProjectResource> WithClusterSettings(
        this IResourceBuilder<ProjectResource> project,
        Topology topology,
        ReferenceExpression origin,
        IResourceBuilder<ParameterResource> poolKey,
        IResourceBuilder<IResourceWithConnectionString>? etcd,
        IResourceBuilder<IResourceWithConnectionString>? redis)
    {
        foreach (var (name, value) in topology.SharedSettings)
        {
            project.WithEnvironment(name, value);
        }

        project.WithEnvironment(Setting.Url, origin).WithEnvironment(Setting.PoolKey, poolKey);
        if (etcd is not null)
        {
            project.WithEnvironment(Setting.Coord, etcd).WaitFor(etcd);
        }

        if (redis is not null)
        {
            project.WithReference(redis).WaitFor(redis);
        }

        return project;
    }

    /// <summary>A process that owns chunks. Its disk tier lies in the repository's state folder; published, where the container's user may write.</summary>
    public static IResourceBuilder<ProjectResource> WithDisk(this IResourceBuilder<ProjectResource> project, Topology topology)
    {
        var builder = project.ApplicationBuilder;
        return project.WithEnvironment(Setting.DiskSize, topology.DiskSize).WithEnvironment(
            Setting.Dir,
            builder.ExecutionContext.IsPublishMode
                ? PublishedContainer.Disk
                : Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", ".chunkproxy", project.Resource.Name)));
    }

    /// <summary>A front end, which reads through the owners.</summary>
    public static IResourceBuilder<ProjectResource> OwningNothing(this IResourceBuilder<ProjectResource> web) =>
        web.WithEnvironment(Setting.PoolAddr, Setting.OwnsNothing).WithEnvironment(Setting.DiskSize, "0");
}
