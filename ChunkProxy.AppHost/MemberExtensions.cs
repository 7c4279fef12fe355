namespace ChunkProxy.AppHost;

/// <summary>The settings of cache services and front ends. docs/deploy.md has them in a table.</summary>
internal static class MemberExtensions
{
    private const string PoolEndpointName = "pool";
    private const string HttpEndpointName = "http";

    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> member, ClusterOptions options)
    {
        foreach (var (name, value) in options.SharedSettings)
        {
            member.WithEnvironment(name, value);
        }

        return member.WithRedactedQueries().WithoutHttpsCertificate(); // plain HTTP on this machine; a platform's ingress has a certificate of its own
    }

    public static IResourceBuilder<ProjectResource> WithOrigin(this IResourceBuilder<ProjectResource> member, Origin origin)
    {
        member.WithEnvironment(Setting.Url, origin.Url);
        return origin.Sample is null
            ? member
            : member
                .WithEnvironment(Setting.OriginName, origin.Sample.Resource.Name) // its port changes from run to run; what is cached stays valid
                .WithReferenceRelationship(origin.Sample);
    }

    /// <summary>Finds the other members: in etcd, or in a list.</summary>
    public static IResourceBuilder<ProjectResource> WithCluster(
        this IResourceBuilder<ProjectResource> member,
        IResourceBuilder<ParameterResource> poolKey,
        IResourceBuilder<IResourceWithConnectionString>? etcd,
        IResourceBuilder<ParameterResource>? etcdPassword,
        IReadOnlyList<IResourceBuilder<ProjectResource>> caches)
    {
        member.WithEnvironment(Setting.PoolKey, poolKey);
        return (etcd, etcdPassword, caches) switch
        {
            ({ } server, { } password, _) => member
                .WithEnvironment(Setting.Coord, server)
                .WithEnvironment(Setting.EtcdUsername, "root")
                .WithEnvironment(Setting.EtcdPassword, password)
                .WithEnvironment(Setting.EtcdEnableAuthentication, "true")
                .WaitFor(server),
            (_, _, []) => member,
            _ => member.WithEnvironment(Setting.PoolPeers, ListOf(caches)),
        };
    }

    public static IResourceBuilder<ProjectResource> WithSharedTier(
        this IResourceBuilder<ProjectResource> member, IResourceBuilder<IResourceWithConnectionString>? redis) =>
        redis is null ? member : member.WithReference(redis).WaitFor(redis);

    /// <summary>The port where other members reach this one. The address is the member's name: what it owns follows from it.</summary>
    public static IResourceBuilder<ProjectResource> WithPool(this IResourceBuilder<ProjectResource> cache, int? port)
    {
        // Not behind the orchestrator's proxy, which would go on accepting connections for a member that has stopped.
        cache = cache.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? cache.WithEndpoint(name: PoolEndpointName, scheme: "tcp", targetPort: PublishedContainer.PoolPort)
            : cache.WithEndpoint(name: PoolEndpointName, scheme: "tcp", port: port, targetPort: port, isProxied: false);
        var pool = cache.GetEndpoint(PoolEndpointName);
        return cache
            .WithEnvironment(Setting.Name, cache.Resource.Name)
            .WithEnvironment(Setting.PoolAddr, pool.Property(EndpointProperty.HostAndPort))
            .WithEnvironment(Setting.PoolListen, cache.ListensOn(pool));
    }

    /// <summary>A process that owns chunks and keeps them on disk.</summary>
    public static IResourceBuilder<ProjectResource> WithDisk(this IResourceBuilder<ProjectResource> member, ClusterOptions options)
    {
        var builder = member.ApplicationBuilder;
        return member
            .WithEnvironment(Setting.DiskSize, options.DiskSize)
            .WithEnvironment(Setting.Dir, builder.ExecutionContext.IsPublishMode ? PublishedContainer.Disk : StateFolder.Of(builder, options).PathOf(member.Resource.Name));
    }

    /// <summary>A front end that owns nothing and reads through the owners.</summary>
    public static IResourceBuilder<ProjectResource> WithOwners(
        this IResourceBuilder<ProjectResource> web, IReadOnlyList<IResourceBuilder<ProjectResource>> caches)
    {
        foreach (var cache in caches)
        {
            web.WaitFor(cache).WithRelationship(cache.Resource, "Reads through");
        }

        return web.WithEnvironment(Setting.PoolAddr, Setting.OwnsNothing).WithEnvironment(Setting.DiskSize, "0");
    }

    /// <summary>The front end's port for clients, its links, and the key of its actions.</summary>
    public static IResourceBuilder<ProjectResource> WithClients(
        this IResourceBuilder<ProjectResource> web, ClusterOptions options, IResourceBuilder<ParameterResource> adminKey)
    {
        var publishing = web.ApplicationBuilder.ExecutionContext.IsPublishMode;
        web = publishing
            ? web.WithHttpEndpoint(targetPort: PublishedContainer.WebPort)
            : web.WithHttpEndpoint(port: options.WebPort > 0 ? options.WebPort : null, isProxied: false);
        return web
            .WithExternalHttpEndpoints()
            .WithEnvironment(Setting.WebAddr, web.ListensOn(web.GetEndpoint(HttpEndpointName)))
            .WithEnvironment(Setting.AdminKey, adminKey)
            .WithEnvironment(Setting.AdminKeyGuards, publishing ? "Everything" : "Actions")
            .WithUrlForEndpoint(HttpEndpointName, url => url.DisplayText = options.FrontPage)
            .WithUrlForEndpoint(HttpEndpointName, endpoint => new() { Url = $"{endpoint.Url}{Names.StatusPath}", DisplayText = "Status page" });
    }

    /// <summary>How a platform and the dashboard see that the process works. Published, a cache service has its pool port only.</summary>
    public static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> member, string below = "")
    {
        if (below.Length > 0)
        {
            return member
                .WithHttpProbe(ProbeType.Readiness, $"{below}{Names.HealthPath}") // its health check here, too
                .WithHttpProbe(ProbeType.Liveness, $"{below}{Names.AlivePath}");
        }

        return member.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? member
            : member.WithHttpEndpoint(isProxied: false)
                .WithHttpHealthCheck(Names.HealthPath)
                .WithUrlForEndpoint(HttpEndpointName, url => (url.Url, url.DisplayText) = ($"{url.Url}{Names.HealthPath}", "Health"));
    }

    /// <summary>Keeps the queries of URLs out of traces, here as anywhere else: they may carry signatures. Aspire would show them in development.</summary>
    public static IResourceBuilder<ProjectResource> WithRedactedQueries(this IResourceBuilder<ProjectResource> project) =>
        project.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? project
            : project
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
                .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");

    // In a container every address, and on this machine none that others reach.
    private static ReferenceExpression ListensOn(this IResourceBuilder<ProjectResource> member, EndpointReference endpoint)
    {
        var port = endpoint.Property(EndpointProperty.TargetPort);
        return member.ApplicationBuilder.ExecutionContext.IsPublishMode ? ReferenceExpression.Create($":{port}") : ReferenceExpression.Create($"localhost:{port}");
    }

    private static ReferenceExpression ListOf(IEnumerable<IResourceBuilder<ProjectResource>> caches)
    {
        var list = new ReferenceExpressionBuilder();
        foreach (var cache in caches)
        {
            list.AppendLiteral($"{(list.IsEmpty ? "" : ",")}{cache.Resource.Name}=");
            list.Append($"{cache.GetEndpoint(PoolEndpointName).Property(EndpointProperty.HostAndPort)}");
        }

        return list.Build();
    }
}
