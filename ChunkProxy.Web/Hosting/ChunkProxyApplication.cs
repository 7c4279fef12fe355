using ChunkProxy.Cache;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Operations.Drain;
using ChunkProxy.Web.Operations.Purge;
using ChunkProxy.Web.Operations.Status;
using ChunkProxy.Web.Operations.Warm;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Puts the parts of a node together.</summary>
internal static class ChunkProxyApplication
{
    // The framework would watch the whole tree below the current directory for a changed appsettings.json, the disk cache with it.
    private static readonly string[] HostArgs = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <param name="settings">What the flags set, on top of environment and files.</param>
    /// <param name="hasStarted">Says whether the start is over.</param>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Func<bool> hasStarted)
    {
        var builder = WebApplication.CreateSlimBuilder(HostArgs); // without IIS, QUIC and TLS: an idle node takes 3 MiB less
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddConsoleLogging(hasStarted);
        builder.AddSystemdNotifications();
        builder.AddServiceDefaults();
        builder.AddSuperHotRedis();
        builder.Services.AddChunkCache();
        builder.Services.AddChunkProxyFrontEnd();
        builder.Services.UseInlineCompletions();
        builder.Services.AddStatus();
        builder.Services.AddAdmin();
        builder.Services.AddOptions<WebOptions>().BindSettings(WebOptions.Section);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebOptions>, WebOptionsValidator>());
        builder.Services.AddPool(); // before the clients' server, so that it stops after it
        return builder.Build();
    }

    /// <summary>Makes what the settings set up, which are valid by now.</summary>
    public static void Prepare(WebApplication app)
    {
        // Host and Kestrel have read their options while they were built, before anything was validated; what ours set in them is set here.
        var web = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = web.DrainTimeout;
        var kestrel = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        KestrelListening.Listen(kestrel, web.WebAddr, static listener => listener.UseChunkProxyFrontEnd());

        var behindGate = app.MapBehindGate();
        behindGate.MapDefaultEndpoints(ReservedPaths.Prefix);
        behindGate.MapStats();
        behindGate.MapChunkMap();
        behindGate.MapHistory();
        behindGate.MapStatusPage();
        behindGate.MapKey();
        behindGate.MapWarm();
        behindGate.MapDrain();
        PurgeEndpoints.MapPurge(behindGate);
        PurgeEndpoints.MapPurgeMethod(app, app.Services.GetRequiredService<ObjectEndpoint>().InvokeAsync);
        var objects = app.MapChunkProxyFrontEnd();
        if (app.Services.GetRequiredService<IOptions<AdminOptions>>().Value.AdminAddress is { } adminAddress)
        {
            KestrelListening.Listen(kestrel, adminAddress, AdminListener.MarkConnections);
            objects.NotAtAdminAddress();
        }
    }
}
