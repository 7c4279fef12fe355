using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.AspNetCore.Connections;

namespace ChunkProxy.Cache;

/// <summary>The cache service as a process.</summary>
internal static class CacheProcess
{
    /// <inheritdoc cref="ServedProcess.ServeAsync"/>
    public static Task<int> ServeAsync(string[] args, TextWriter errors) => ServedProcess.ServeAsync(
        "ChunkProxy.Cache",
        errors,
        flagOf: static _ => null, // this program has no flags
        hasStarted => Build(args, hasStarted),
        StartAsync,
        started: static _ => Task.CompletedTask);

    private static WebApplication Build(string[] args, Func<bool> hasStarted)
    {
        // No reload on change, as in the front end: the file watcher would cover the disk cache below the working directory.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        SettingsFileSource.Replace(builder.Configuration.Sources);
        builder.AddLogLevels(hasStarted, "Microsoft.Hosting.Lifetime", LogLevel.Information); // "Now listening on"
        builder.AddServiceDefaults();
        builder.AddSuperHotRedis();
        builder.Services.AddChunkCache(MemberRole.Cache);
        builder.Services.RefuseUnknownKeys(acceptFrontEnds: true);
        builder.Services.AddPool();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app;
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new StartException($"ASPNETCORE_URLS: {e.Message}", e); // the message names the address
        }
    }
}
