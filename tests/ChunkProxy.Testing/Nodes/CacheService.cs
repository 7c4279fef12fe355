using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Testing.Nodes;

/// <summary>The built cache service (ChunkProxy.Cache.dll) as a process: a member that serves only peers. It has settings but no flags.</summary>
public sealed class CacheService : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private CacheService(ChildProcess process) => _process = process;

    /// <summary>Everything that the process has printed.</summary>
    public string Output => string.Join('\n', _process.Lines);

    public bool HasExited => _process.HasExited;

    public long ResidentBytes => _process.ResidentBytes;

    /// <param name="settings">Settings by their key below <c>ChunkProxy:</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<CacheService> StartAsync(IEnumerable<(string Key, string Value)> settings, CancellationToken cancellationToken)
    {
        var environment = settings.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value);
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0"; // for health only
        var process = ChildProcess.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [ProductBuild.Assembly("ChunkProxy.Cache", "ChunkProxy.Cache.dll")],
            environment);
        try
        {
            await process.WhenLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal), "the cache service listens", cancellationToken);
            return new CacheService(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
