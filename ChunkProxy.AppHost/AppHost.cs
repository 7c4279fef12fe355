using ChunkProxy.AppHost;
using ChunkProxy.AppHost.OnAspire;
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var topology = Topology.From(builder.Configuration);
var publishing = builder.ExecutionContext.IsPublishMode;
var containers = publishing || await ContainerRuntime.IsRunningAsync(builder.Configuration);
var target = builder.AddPublishTarget(); // --Publish:To aca | compose | kubernetes

var poolKey = builder.AddParameter("pool-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);
var etcd = builder.AddEtcdOrExecutable(Topology.Etcd, containers);
var redis = topology.RedisEnabled ? builder.AddRedisOrExecutable(Topology.Redis, containers) : null;

// A parameter, so that what is published asks for it; here the sample origin is the default.
var sample = topology.OriginUrl is null && !publishing
    ? builder.AddProject<Projects.ChunkProxy_SampleOrigin>(Topology.SampleOrigin, launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck("/health")
    : null;
var origin = sample is null
    ? ReferenceExpression.Create($"{builder.AddParameterFromConfiguration("origin-url", "Origin:Url")}")
    : ReferenceExpression.Create($"{sample.GetEndpoint("http")}/");

var caches = topology.CacheNames.Select(name =>
{
    var cache = builder.AddProject<Projects.ChunkProxy_Cache>(name, launchProfileName: null)
        .WithEndpoint(name: "pool", scheme: "tcp", targetPort: publishing ? Topology.PoolPort : null)
        .WithClusterSettings(topology, origin, poolKey, etcd, redis)
        .WithEnvironment(Setting.DiskSize, topology.DiskSize)
        .WithDisk()
        .AsOneReplica(target);
    var pool = cache.GetEndpoint("pool");
    cache.WithEnvironment(Setting.PoolAddr, pool.Property(EndpointProperty.HostAndPort))
        .WithEnvironment(Setting.PoolListen, ReferenceExpression.Create($":{pool.Property(EndpointProperty.TargetPort)}"));
    return publishing ? cache : cache.WithHttpEndpoint().WithHttpHealthCheck("/health");
}).ToArray();

var web = builder.AddProject<Projects.ChunkProxy_Web>(Topology.Web, launchProfileName: null)
    .WithHttpEndpoint(port: publishing ? null : topology.WebPort, targetPort: publishing ? Topology.PublishedWebPort : null)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck($"{Topology.ReservedPath}/health")
    .WithClusterSettings(topology, origin, poolKey, etcd, redis)
    .WithEnvironment(Setting.PoolAddr, Setting.OwnsNothing)
    .WithEnvironment(Setting.DiskSize, "0")
    .WithUrlForEndpoint("http", url => url.DisplayText = sample is null ? "Origin, through the proxy" : "Sample films")
    .WithUrlForEndpoint("http", endpoint => new() { Url = $"{endpoint.Url}{Topology.StatusPath}", DisplayText = "Status" })
    .ScalingWithLoad(target);
web.WithEnvironment(Setting.WebAddr, ReferenceExpression.Create($":{web.GetEndpoint("http").Property(EndpointProperty.TargetPort)}"));

foreach (var cache in caches)
{
    web.WaitFor(cache);
}

builder.Build().Run();
