using ChunkProxy.AppHost.Servers;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>
/// The AppHost as a separate process, as <c>dotnet run</c> starts it on a new account, but on free ports and with a separate state folder.
/// </summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _home = new();

    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">Options of the AppHost. <c>--State:Dir</c> among them replaces the folder that is deleted at disposal.</param>
    public AppHostProcess(IReadOnlyDictionary<string, string?>? environment, params IEnumerable<string> arguments)
    {
        var all = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>())
        {
            ["HOME"] = _home.Path,
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://localhost:{FreePort.Next()}",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}",
        };
        _process = ChildProcess.Start(
            Executables.DotNet,
            [AppHostProgram.Path, "--State:Dir", _state.Path, "--Ports:Usual", "false", "--Web:Port", "0", .. arguments],
            all,
            Path.GetDirectoryName(AppHostProgram.Path)); // its appsettings.json is there
    }

    public IReadOnlyList<string> Lines => _process.Lines;

    /// <summary>The AppHost and everything that it started. The orchestrator detaches itself from it, so they have the home folder in common and no parent.</summary>
    public IReadOnlyList<int> Processes() => ProcessTree.WithVariable("HOME", _home.Path);

    public Task<string> WhenLineAsync(string part, CancellationToken cancellationToken) =>
        _process.WhenLineAsync(line => line.Contains(part, StringComparison.Ordinal), part, cancellationToken);

    public Task<int> WhenExitedAsync(CancellationToken cancellationToken) => _process.WhenExitedAsync(cancellationToken);

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await _process.StopAsync(CancellationToken.None); // gracefully, so that the orchestrator stops its processes
        }

        await _process.DisposeAsync();
        _state.Dispose();
        _home.Dispose();
    }
}
