using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary>The processes of one test in front of a scripted origin, with chunks so small that a short film has many.</summary>
internal sealed class StatusNodes : IAsyncDisposable
{
    public const int Chunk = 64 * 1024;

    // No member hangs here. On a busy machine, peers wait for a member instead of bypassing it at the origin's cost.
    private static readonly Dictionary<string, string?> NobodyHangs = new()
    {
        [Setting.InEnvironment("Peers:Silence")] = "00:00:20",
        [Setting.InEnvironment("Peers:PingTimeout")] = "00:00:20",
    };

    private readonly TemporaryFolder _folder = new();

    public ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

    /// <summary>For the argument <c>-dir</c>.</summary>
    public string Directory => _folder.Combine("cache");

    public Task<Node> StartAsync(params IEnumerable<string> arguments) => Node.StartAsync(
        ["-url", Origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", .. arguments], TestContext.Current.CancellationToken, NobodyHangs);

    public async ValueTask DisposeAsync()
    {
        await Origin.DisposeAsync();
        _folder.Dispose();
    }
}
