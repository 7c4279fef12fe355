using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Pool;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Runs the node as a process.</summary>
internal static class ChunkProxyProcess
{
    private const string Name = "chunkproxy";

    /// <param name="settings">What the flags set, on top of environment and files.</param>
    /// <param name="output">Gets the lines that say where it listens.</param>
    /// <param name="errors">Gets the line that says why the start ended.</param>
    /// <param name="hint">A last line for <paramref name="output"/>; null: none.</param>
    /// <inheritdoc cref="ServedProcess.ServeAsync"/>
    public static Task<int> ServeAsync(IReadOnlyDictionary<string, string?> settings, TextWriter output, TextWriter errors, string? hint = null) => ServedProcess.ServeAsync(
        Name,
        errors,
        FlagOf,
        hasStarted => ChunkProxyApplication.Build(settings, hasStarted),
        StartAsync,
        app => WriteStartLinesAsync(app, output, hint));

    /// <summary>Validates the settings, and ends: <c>chunkproxy check</c>.</summary>
    /// <param name="settings">What the flags set, on top of environment and files.</param>
    /// <param name="output">Gets the line that says that they are valid.</param>
    /// <param name="errors">Gets the line that says what is wrong.</param>
    /// <inheritdoc cref="ServedProcess.CheckAsync"/>
    public static Task<int> CheckAsync(IReadOnlyDictionary<string, string?> settings, TextWriter output, TextWriter errors) => ServedProcess.CheckAsync(
        Name, output, errors, FlagOf, () => ChunkProxyApplication.Build(settings, static () => false), ChunkProxyApplication.CheckCertificates);

    private static string? FlagOf(string key) => FlagTable.OfSetting(key)?.ToString();

    private static async Task StartAsync(WebApplication app)
    {
        ChunkProxyApplication.Prepare(app);
        var listeners = ListenersOf(app);
        try
        {
            await KestrelListening.StartAsync(app, listeners[0].Key, listeners[0].Address, CancellationToken.None);
        }
        catch (StartException refused) when (app.Urls.Count > 0 && app.Urls.Count < listeners.Count)
        {
            // Kestrel listens in the order of configuration, so the first addresses are in use by this process already.
            var (_, key, address) = listeners[app.Urls.Count];
            throw KestrelListening.Refusal(key, address, refused.InnerException!);
        }
    }

    private static async Task WriteStartLinesAsync(WebApplication app, TextWriter output, string? hint)
    {
        var pool = app.Services.GetRequiredService<IOptions<PoolOptions>>().Value;
        var lines = StartLines.Of(
            app.Services.GetRequiredService<IOptions<CacheOptions>>().Value,
            pool,
            ListenersOf(app),
            pool.IsStandAlone ? [] : app.Services.GetRequiredService<PoolServer>().Addresses,
            [.. app.Urls],
            app.Services.GetRequiredService<OriginServers>().All.Select(static origin => origin.ToString()));
        foreach (var line in hint is null ? lines : lines.Append(hint))
        {
            await output.WriteLineAsync(line);
        }

        await output.FlushAsync();
    }

    private static IReadOnlyList<Listener> ListenersOf(WebApplication app) => Listeners.Of(
        app.Services.GetRequiredService<IOptions<WebOptions>>().Value,
        app.Services.GetRequiredService<IOptions<TlsOptions>>().Value,
        app.Services.GetRequiredService<IOptions<AdminOptions>>().Value);
}
