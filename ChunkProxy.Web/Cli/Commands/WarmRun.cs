using System.Net;
using System.Runtime.CompilerServices;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Warms many objects, several at a time. An object that fails does not end the run.</summary>
internal sealed class WarmRun(NodeWarmUps node, FinishedItems finished, WarmRunView view, int atOnce)
{
    /// <summary>Objects at a time. A node runs 16 warm-ups for all of its operators.</summary>
    public const int AtOnce = 8;

    private readonly WarmTally _tally = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <exception cref="CommandFailure">An object failed, or the node did.</exception>
    public async Task RunAsync(IReadOnlyList<WarmItem> items, CancellationToken cancellationToken)
    {
        _tally.Expect(items.Count);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
            await view.ShowAsync(_tally, () => Parallel.ForEachAsync(NewAsync(items, cancellationToken), options, WarmAsync));
        }
        finally
        {
            view.Conclude(_tally);
        }

        if (_tally.Failed > 0)
        {
            throw new CommandFailure($"{_tally.Failed} of {Amount.Of(_tally.Known, "object", "objects")} failed");
        }
    }

    private async IAsyncEnumerable<WarmItem> NewAsync(IReadOnlyList<WarmItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_seen.Add(item.Key))
            {
                _tally.Expect(-1);
            }
            else if (finished.Contains(item))
            {
                _tally.WasDoneBefore();
            }
            else
            {
                yield return item;
            }
        }
    }

    private async ValueTask WarmAsync(WarmItem item, CancellationToken cancellationToken)
    {
        WarmAnswer end;
        try
        {
            var bytes = 0L;
            end = await node.WarmAsync(
                item,
                step =>
                {
                    _tally.HasBytes(step.BytesDone - bytes);
                    bytes = step.BytesDone;
                },
                cancellationToken);
        }
        catch (CommandFailure refused) when (refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            _tally.HasFailed($"{item}: {refused.Message}"); // the node takes others
            return;
        }

        view.HasEnded(end);
        if (end.State is WarmState.Done)
        {
            finished.Add(item);
            _tally.HasDone();
        }
        else
        {
            _tally.HasFailed(WarmProgress.DescribeEnd(end));
        }
    }
}
