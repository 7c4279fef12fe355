using ChunkProxy.AppHost;
using ChunkProxy.AppHost.Commands;
using ChunkProxy.AppHost.Guide;
using ChunkProxy.AppHost.Servers;

var builder = DistributedApplication.CreateBuilder(args);
if (!ClusterOptions.TryRead(builder.Configuration, out var options, out var problem))
{
    return Refusal.Of(problem);
}

var programs = await ServerPrograms.FindAsync(builder, options);
if (programs.MissingFor(options) is { } missing)
{
    return Refusal.Of(missing);
}

var poolKey = builder.AddKey("pool-key");
var adminKey = builder.AddKey("admin-key");

// Which members there are. Without etcd they are listed. The members enable its authentication with this password.
var etcdPassword = options.CacheNodes > 0 ? builder.AddKey(Names.EtcdPassword) : null;
var etcd = options.CacheNodes > 0 ? builder.AddEtcd(Names.Etcd).WithDataVolume().OrProgram(programs) : null;

// Chunks that are wanted everywhere at once.
var redis = options.RedisEnabled ? builder.AddRedis(Names.Redis).WithCacheLimits().OrProgram(programs) : null;

var origin = builder.AddOrigin(options);

// A member owns chunks by its address: each is a resource of its own, never a replica.
var caches = options.CacheNames
    .Select((name, index) => builder.AddProject<Projects.ChunkProxy_Cache>(name, launchProfileName: null)
        .WithPool(options.PoolPort(index))
        .WithDisk(options)
        .WithProbes()
        .WithIconName("Storage"))
    .ToArray();

var web = builder.AddProject<Projects.ChunkProxy_Web>(Names.Web, launchProfileName: null)
    .WithClients(options, adminKey)
    .WithProbes(below: Names.ReservedPath)
    .WithIconName("Globe");
web = caches is [] ? web.WithDisk(options) : web.WithOwners(caches);

foreach (var member in caches.Append(web))
{
    member.WithSettings(options).WithOrigin(origin).WithCluster(poolKey, etcd, etcdPassword, caches).WithSharedTier(redis);
}

var admin = new AdminClient(web, adminKey);
web.WithPurgeCommand(admin, options).WithWarmCommand(admin, options);
foreach (var cache in caches)
{
    cache.WithDrainCommands(admin);
}

builder.AddConsoleGuide(options, programs);
builder.Build().Run();
return 0;
