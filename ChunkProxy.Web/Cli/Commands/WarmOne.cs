using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Warms one object, and shows its chunks as they arrive.</summary>
internal sealed class WarmOne(NodeClient node, CommandInput input, CommandOutput output)
{
    // Often enough for a progress bar. The cost for the node is negligible compared with the fetch.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <exception cref="CommandFailure">The warm-up failed, or was cancelled.</exception>
    public async Task RunAsync(WarmItem item, long? bytesPerSecond, bool isDetached, CancellationToken cancellationToken)
    {
        var json = await node.AskAsync(HttpMethod.Post, item.Request(bytesPerSecond), notFound: null, cancellationToken);
        var begun = node.Read(json, WarmAnswerJson.Readable.WarmAnswer);
        if (!isDetached)
        {
            (begun, json) = await WatchAsync(begun, json, input.Json ? WarmProgress.Silent : WarmProgress.On(output), cancellationToken);
        }

        if (input.Json)
        {
            output.Json(json);
        }
        else
        {
            output.Line(isDetached ? $"{begun.Path}: being fetched as {begun.Id}" : $"{begun.Path}: {NameWords.Of(begun.State)}, {WarmProgress.Describe(begun)}");
        }

        if (begun.State is WarmState.Failed or WarmState.Cancelled)
        {
            throw new CommandFailure(WarmProgress.DescribeEnd(begun));
        }
    }

    private async Task<(WarmAnswer Last, string Json)> WatchAsync(WarmAnswer begun, string json, WarmProgress progress, CancellationToken cancellationToken)
    {
        var (last, lastJson) = (begun, json);
        try
        {
            await progress.ShowAsync(FollowAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await node.AskAsync(HttpMethod.Delete, $"warm/{Uri.EscapeDataString(begun.Id)}", notFound: null, CancellationToken.None);
            throw new CommandFailure($"{begun.Path}: interrupted, so the node stopped fetching it ({WarmProgress.Describe(last)})");
        }

        return (last, lastJson);

        async IAsyncEnumerable<WarmAnswer> FollowAsync([EnumeratorCancellation] CancellationToken stop)
        {
            yield return last;
            while (last.State is WarmState.Running)
            {
                await Task.Delay(Interval, TimeProvider.System, stop);
                lastJson = await node.AskAsync(
                    HttpMethod.Get, $"warm/{Uri.EscapeDataString(begun.Id)}", $"the node at {node.Name} no longer knows this warm-up: it was restarted", stop);
                last = node.Read(lastJson, WarmAnswerJson.Readable.WarmAnswer);
                yield return last;
            }
        }
    }
}
