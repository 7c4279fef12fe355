using ChunkProxy.Cache.Settings;
using ChunkProxy.SampleOrigin;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Hosting;

/// <summary>A node in front of the sample origin, in one process: <c>chunkproxy sample</c>.</summary>
internal static class SampleProcess
{
    private const string Loopback = "http://127.0.0.1:0";
    private const string Hint = "chunkproxy: open that address: it has three films to play, and a link to the status page; Ctrl-C ends all";

    private static readonly string Dir = $"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}";
    private static readonly string Guards = $"{AdminOptions.Section}:{nameof(AdminOptions.AdminKeyGuards)}";
    private static readonly string Url = $"{CacheOptions.Section}:{nameof(CacheOptions.Url)}";
    private static readonly string WebAddr = $"{WebOptions.Section}:{nameof(WebOptions.WebAddr)}";

    /// <summary>Serves until SIGTERM or Ctrl-C. Clients of this machine only, and a cache that is deleted at the end, unless flags say otherwise.</summary>
    /// <inheritdoc cref="ServedProcess.ServeAsync"/>
    public static async Task<int> ServeAsync(IReadOnlyDictionary<string, string?> flags, TextWriter output, TextWriter errors)
    {
        var folder = flags.ContainsKey(Dir) ? null : Directory.CreateTempSubdirectory("chunkproxy-sample-");
        try
        {
            await using var origin = BuildOrigin();
            await origin.StartAsync();
            if (origin.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return 0; // its host took the signal
            }

            var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                [WebAddr] = "127.0.0.1:8080",
                [Dir] = folder?.FullName,
                [Guards] = nameof(AdminKeyGuards.Actions), // the page and the figures are open: there is nothing to hide
            };
            foreach (var (key, value) in flags)
            {
                settings[key] = value;
            }

            settings[Url] = origin.Urls.Single() + "/";
            return await ChunkProxyProcess.ServeAsync(settings, output, errors, Hint);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    // No service defaults: the node of this process reports telemetry for both.
    private static WebApplication BuildOrigin()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(SampleOriginApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory, // an appsettings.json of the user is the node's
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        var origin = builder.Build();
        origin.Urls.Add(Loopback);
        origin.MapSampleOrigin();
        return origin;
    }
}
