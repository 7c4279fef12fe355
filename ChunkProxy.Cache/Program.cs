using ChunkProxy.Cache;
using ChunkProxy.Cache.Output;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Tiers.SuperHot;

InlineCompletions.Enable();

// Unwatched, as in the front end: the watcher of configuration files would cover the disk cache below the current directory.
var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
builder.AddServiceDefaults();
builder.AddSuperHotRedis();
builder.Services.AddChunkCache(MemberRole.Cache);
builder.Services.AddPool();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
