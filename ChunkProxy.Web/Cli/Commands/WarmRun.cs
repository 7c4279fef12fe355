using System.Net;
using System.Runtime.CompilerServices;
using ChunkProxy.Web.Cli.Playlists;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Warms many objects, several at a time. An object that fails does not end the run.</summary>
internal sealed class WarmRun(NodeWarmUps node, PlaylistFollower? follower, FinishedItems finished, WarmTally tally, WarmRunView view, int atOnce)
{
    /// <summary>Objects at a time. A node runs 16 warm-ups for all of its operators.</summary>
    public const int AtOnce = 8;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <exception cref="CommandFailure">An object failed, or the node did.</exception>
    public async Task RunAsync(IReadOnlyList<WarmItem> items, CancellationToken cancellationToken)
    {
        tally.Expect(items.Count);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
            await view.ShowAsync(tally, () => Parallel.ForEachAsync(NewAsync(items, cancellationToken), options, WarmAsync));
        }
        finally
        {
            view.Conclude(tally);
        }

        if (tally.Failed > 0)
        {
            throw new CommandFailure($"{tally.Failed} of {Amount.Of(tally.Known, "object", "objects")} failed");
        }
    }

    private async IAsyncEnumerable<WarmItem> NewAsync(IReadOnlyList<WarmItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in AllAsync(items, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_seen.Add(item.Key))
            {
                tally.Expect(-1);
            }
            else if (finished.Contains(item))
            {
                tally.WasDoneBefore();
            }
            else
            {
                yield return item;
            }
        }
    }

    private async IAsyncEnumerable<WarmItem> AllAsync(IReadOnlyList<WarmItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            if (follower is null || PlaylistName.FormatOf(item.Name) is null)
            {
                yield return item;
                continue;
            }

            await foreach (var named in follower.FollowAsync(item, cancellationToken))
            {
                yield return named;
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
                    tally.HasBytes(step.BytesDone - bytes);
                    bytes = step.BytesDone;
                },
                cancellationToken);
        }
        catch (CommandFailure refused) when (refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            tally.HasFailed($"{item}: {refused.Message}"); // the node takes others
            return;
        }

        view.HasEnded(end);
        if (end.Error == FieldName.Of(WarmFailure.NotCacheable) && item.MayBeUncacheable)
        {
            tally.IsUncacheable();
        }
        else if (end.State is WarmState.Done)
        {
            finished.Add(item);
            tally.HasDone();
        }
        else
        {
            tally.HasFailed(WarmProgress.DescribeEnd(end));
        }
    }
}
