using ChunkProxy.AppHost;
using ChunkProxy.AppHost.OnAspire;

var builder = DistributedApplication.CreateBuilder(args);
var topology = Topology.From(builder.Configuration);
var publishing = builder.ExecutionContext.IsPublishMode;
var containers = publishing || await ContainerRuntime.IsRunningAsync(builder.Configuration);
var target = builder.AddPublishTarget(); // --Publish:To aca | compose | kubernetes
var interfaces = publishing ? "" : "localhost"; // every address of a container, and none of this machine that others reach

var poolKey = builder.AddParameter("pool-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);
var adminKey = builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);
var etcd = topology.CacheNodes > 0 ? builder.AddEtcdOrExecutable(Topology.Etcd, containers, target) : null;
var redis = topology.RedisEnabled ? builder.AddRedisOrExecutable(Topology.Redis, containers, target) : null;

var sample = topology.OriginUrl is null && !publishing
    ? builder.AddProject<Projects.ChunkProxy_SampleOrigin>(Topology.SampleOrigin, launchProfileName: null).WithHttpEndpoint().WithHttpHealthCheck(Topology.HealthPath)
    : null;
var origin = topology.OriginUrl is { } url
    ? ReferenceExpression.Create($"{url.AbsoluteUri}")
    : sample is null
        ? ReferenceExpression.Create($"{builder.AddParameterFromConfiguration("origin-url", "Origin:Url")}") // whoever deploys is asked for it
        : ReferenceExpression.Create($"{sample.GetEndpoint("http")}/");

var caches = topology.CacheNames.Select(name =>
{
    var cache = builder.AddProject<Projects.ChunkProxy_Cache>(name, launchProfileName: null)
        .WithEndpoint(name: "pool", scheme: "tcp", targetPort: publishing ? Topology.PoolPort : null)
        .WithClusterSettings(topology, origin, poolKey, etcd, redis)
        .WithDisk(topology)
        .DisableForwardedHeaders()
        .AsMember(target, topology);
    var pool = cache.GetEndpoint("pool");
    cache.WithEnvironment(Setting.PoolAddr, pool.Property(EndpointProperty.HostAndPort))
        .WithEnvironment(Setting.PoolListen, ReferenceExpression.Create($"{interfaces}:{pool.Property(EndpointProperty.TargetPort)}"));
    return publishing ? cache : cache.WithHttpEndpoint().WithHttpHealthCheck(Topology.HealthPath);
}).ToArray();

var web = builder.AddProject<Projects.ChunkProxy_Web>(Topology.Web, launchProfileName: null)
    .WithHttpEndpoint(port: target.ClientPort(topology, publishing), targetPort: publishing ? Topology.PublishedWebPort : null)
    .WithExternalHttpEndpoints()
    .WithHttpProbe(ProbeType.Readiness, $"{Topology.ReservedPath}{Topology.HealthPath}") // its health here, too
    .WithHttpProbe(ProbeType.Liveness, $"{Topology.ReservedPath}{Topology.AlivePath}")
    .WithClusterSettings(topology, origin, poolKey, etcd, redis)
    .WithEnvironment(Setting.AdminKey, adminKey)
    .WithEnvironment(Setting.AdminKeyGuards, publishing ? "Everything" : "Actions")
    .WithUrlForEndpoint("http", url => url.DisplayText = sample is null ? "Origin, through the proxy" : "Sample films")
    .WithUrlForEndpoint("http", endpoint => new() { Url = $"{endpoint.Url}{Topology.StatusPath}", DisplayText = "Status" })
    .AsFrontEnd(target);
web.WithEnvironment(Setting.WebAddr, ReferenceExpression.Create($"{interfaces}:{web.GetEndpoint("http").Property(EndpointProperty.TargetPort)}"));
_ = caches is [] ? web.WithDisk(topology) : web.OwningNothing();

foreach (var cache in caches)
{
    web.WaitFor(cache);
}

builder.Build().Run();
