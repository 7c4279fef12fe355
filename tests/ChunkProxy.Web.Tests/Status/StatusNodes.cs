using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Status;

/// <summary>The processes of one test in front of a scripted origin, with chunks so small that a short film has many.</summary>
internal sealed class StatusNodes : IAsyncDisposable
{
    public const int Chunk = 64 * 1024;

    private readonly TemporaryFolder _folder = new();

    public ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

    /// <summary>For the argument <c>-dir</c>.</summary>
    public string Directory => _folder.Combine("cache");

    public Task<Node> StartAsync(params IEnumerable<string> arguments) => Node.StartAsync(
        ["-url", Origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", .. arguments], TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Origin.DisposeAsync();
        _folder.Dispose();
    }
}
