using System.Globalization;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>A container with a minimal Debian, in which one artefact is installed and used.</summary>
internal sealed class CleanDebian : IAsyncDisposable
{
    private const int Port = 8080;

    private readonly string _engine;
    private readonly string _name;

    private CleanDebian(string engine, string name) => (_engine, _name) = (engine, name);

    /// <summary>Reaches what listens on port 8080 inside.</summary>
    public HttpClient Client { get; private init; } = new();

    public static async Task<CleanDebian> StartAsync(
        string engine, string image, IReadOnlyList<string> mounts, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var name = $"chunkproxy-release-{Guid.NewGuid():N}";
        await ProgramRun.OutputAsync(
            [engine, "run", "--detach", "--name", name, "--publish", $"127.0.0.1::{Port}", .. mounts.SelectMany(mount => new[] { "--volume", mount + ":ro" }), image, .. command],
            cancellationToken);
        var published = await ProgramRun.OutputAsync([engine, "port", name, Port.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        return new CleanDebian(engine, name) { Client = new HttpClient { BaseAddress = new Uri($"http://{published.Trim().Split('\n')[0]}/") } };
    }

    /// <summary>Runs a shell command inside; returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has what it printed.</exception>
    public Task<string> RunAsync(string command, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([_engine, "exec", _name, "/bin/bash", "-euc", command], cancellationToken, withErrors: true);

    /// <summary>Starts a shell command inside and leaves it running. What it prints goes to <c>/tmp/log</c>.</summary>
    public Task LaunchAsync(string command, CancellationToken cancellationToken) =>
        ProgramRun.OutputAsync([_engine, "exec", "--detach", _name, "/bin/bash", "-euc", $"exec >/tmp/log 2>&1; {command}"], cancellationToken);

    /// <summary>Waits until a node inside says where it listens. Nobody outside is told, so its output is read again and again.</summary>
    public Task WhenServingAsync(CancellationToken cancellationToken) =>
        RunAsync("timeout 120 bash -c 'until grep -q \"web listening on\" /tmp/log; do sleep 0.1; done' || { cat /tmp/log; exit 1; }", cancellationToken);

    /// <summary>Waits until port 8080 answers. Nobody outside is told, so it is asked again and again.</summary>
    public async Task WhenAnsweringAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        while (true)
        {
            try
            {
                await Client.GetStringAsync("_chunkproxy/alive", patience.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await ProgramRun.OutputAsync([_engine, "rm", "--force", "--time", "0", _name], CancellationToken.None);
    }
}
