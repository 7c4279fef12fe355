namespace ChunkProxy.AppHost.OnAspire;

/// <summary>etcd and Redis: in containers, or from the PATH where no container runtime runs.</summary>
internal static class Servers
{
    public static IResourceBuilder<IResourceWithConnectionString> AddEtcdOrExecutable(
        this IDistributedApplicationBuilder builder, string name, bool containers, PublishTarget target)
    {
        if (containers)
        {
            var container = builder.AddEtcd(name).AsServer(target);
            return builder.ExecutionContext.IsPublishMode ? container : container.WithDataVolume(); // network file systems are no place for etcd's log
        }

        var etcd = builder.AddServer(name, "etcd", "etcd-server", "http://");
        var peer = new EndpointReference(etcd.Resource, "peer");
        var client = ReferenceExpression.Create($"http://127.0.0.1:{etcd.Resource.Port}");
        return etcd.WithEndpoint(name: "peer", scheme: "tcp")
            .WithArgs(
                "--data-dir", Directory.CreateTempSubdirectory("chunkproxy-etcd-").FullName,
                "--listen-client-urls", client,
                "--advertise-client-urls", client,
                "--listen-peer-urls", ReferenceExpression.Create($"http://127.0.0.1:{peer.Property(EndpointProperty.TargetPort)}"))
            .WithHealthEndpoint("/health");
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddRedisOrExecutable(
        this IDistributedApplicationBuilder builder, string name, bool containers, PublishTarget target)
    {
        if (containers)
        {
            return builder.AddRedis(name).WithArgs(AddLimits).AsServer(target);
        }

        var redis = builder.AddServer(name, "redis-server", "redis-server", urlScheme: "");
        return redis.WithArgs([.. Topology.RedisLimits, "--bind", "127.0.0.1", "--port", ReferenceExpression.Create($"{redis.Resource.Port}")]);
    }

    // Published, AddRedis gives the whole command to a shell, as one argument.
    private static void AddLimits(CommandLineArgsCallbackContext redis)
    {
        if (redis.ExecutionContext.IsPublishMode)
        {
            redis.Args[^1] = $"{redis.Args[^1]} {string.Join(' ', Topology.RedisLimits.Select(word => word.Length == 0 ? "''" : word))}";
            return;
        }

        foreach (var word in Topology.RedisLimits)
        {
            redis.Args.Add(word);
        }
    }

    private static IResourceBuilder<ServerExecutableResource> AddServer(
        this IDistributedApplicationBuilder builder, string name, string program, string package, string urlScheme)
    {
        var path = Executables.Find(program)
            ?? throw new DistributedApplicationException(
                $"'{name}' needs a running Docker or Podman, or {program} on the PATH (package {package}).");
        return builder.AddResource(new ServerExecutableResource(name, path, urlScheme))
            .WithEndpoint(name: ServerExecutableResource.ClientEndpointName, scheme: "tcp");
    }
}
