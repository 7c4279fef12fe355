using ChunkProxy.Cache;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Startup;

/// <summary>Puts the parts of a node together.</summary>
internal static class ChunkProxyApplication
{
    /// <summary>Paths under it are the proxy's own; all others are the origin's.</summary>
    public const string ReservedPrefix = "/_chunkproxy";

    // The framework would watch the whole tree below the current directory for a changed appsettings.json, the disk cache with it.
    private static readonly string[] HostArgs = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <param name="settings">What the flags set, on top of environment and files.</param>
    /// <param name="hasStarted">Says whether the start is over.</param>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Func<bool> hasStarted)
    {
        var builder = WebApplication.CreateBuilder(HostArgs);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddConsoleLogging(hasStarted);
        builder.AddServiceDefaults();
        builder.Services.AddChunkCache();
        builder.Services.AddWebOptions();
        builder.Services.AddChunkProxyFrontEnd();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PoolOptions>, NoClusterYet>());

        var app = builder.Build();
        app.MapDefaultEndpoints(ReservedPrefix);
        app.MapChunkProxyFrontEnd();
        return app;
    }

    private static void AddWebOptions(this IServiceCollection services)
    {
        services.AddOptions<WebOptions>().BindSettings(WebOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebOptions>, WebOptionsValidator>());
    }
}
