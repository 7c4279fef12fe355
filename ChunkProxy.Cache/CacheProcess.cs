using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache;

/// <summary>One life of the cache service: started, told to stop, drained.</summary>
internal static class CacheProcess
{
    // Their errors at the start come with a stack trace; the same exceptions end the start with one line.
    private static readonly string[] LoudAtStart = ["Microsoft.Extensions.Hosting.Internal.Host", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Serves until SIGTERM or Ctrl-C.</summary>
    /// <returns>The exit code: 0 after a stop, or that of the <see cref="StartFailure"/>.</returns>
    public static async Task<int> ServeAsync(string[] args, TextWriter errors)
    {
        var started = false;
        try
        {
            await using var app = Build(args, () => Volatile.Read(ref started));
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            CacheDirectory.EnsureUsable(app.Services.GetRequiredService<IOptions<CacheOptions>>().Value);
            await StartAsync(app).ConfigureAwait(false);
            Volatile.Write(ref started, true);

            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (!started && StartFailure.Of(e, flagOf: static _ => null) is { } failure) // this program has no flags
        {
            await errors.WriteLineAsync($"ChunkProxy.Cache: {failure.Line}").ConfigureAwait(false);
            return failure.ExitCode;
        }
    }

    private static WebApplication Build(string[] args, Func<bool> hasStarted)
    {
        // Unwatched, as in the front end: the watcher of configuration files would cover the disk cache below the current directory.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        // First of the sources, so that Logging: of the environment and of files wins. Without it the framework would log each pool request twice.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Default", "Information"),
                new("Logging:LogLevel:Microsoft", "Warning"),
                new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information"), // "Now listening on"
                new("Logging:LogLevel:System", "Warning"),
                new("Logging:LogLevel:StackExchange", "Warning"),
            ],
        });
        foreach (var category in LoudAtStart)
        {
            builder.Logging.AddFilter(category, level => level >= LogLevel.Warning && hasStarted());
        }

        builder.AddServiceDefaults();
        builder.AddSuperHotRedis();
        builder.Services.AddChunkCache(MemberRole.Cache);
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
            throw new StartException($"ASPNETCORE_URLS: {e.Message}", e); // names the address
        }
    }
}
