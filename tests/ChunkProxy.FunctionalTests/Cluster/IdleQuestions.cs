using System.Diagnostics;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Probes the liveness of nodes, which involves no other process. So the latency shows how long the machine delays processes.</summary>
internal sealed class IdleQuestions : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<TimeSpan>[] _asking;

    private IdleQuestions(IEnumerable<Node> nodes) => _asking = [.. nodes.Select(node => Task.Run(() => AskAsync(node)))];

    public static IdleQuestions Start(params IEnumerable<Node> nodes) => new(nodes);

    /// <summary>Stops the probes, and returns the longest response time.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        await _stop.CancelAsync();
        return (await Task.WhenAll(_asking)).Max();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task<TimeSpan> AskAsync(Node node)
    {
        var slowest = TimeSpan.Zero;
        while (!_stop.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            using (await node.GetAsync("_chunkproxy/alive", CancellationToken.None))
            {
                slowest = Stopwatch.GetElapsedTime(asked) is var took && took > slowest ? took : slowest;
            }

            await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return slowest;
    }
}
