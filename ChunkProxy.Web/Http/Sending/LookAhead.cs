using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Opens the slices of one answer in order, some of them ahead of time.</summary>
/// <remarks>
/// While slices are hot in memory each is opened when its turn comes, and nothing is done ahead. From the first that is not, the next
/// ones are opened as far as the window reaches; a hot slice met on the way ends that until a cold one comes again.
/// For one thread of control: the response's.
/// </remarks>
internal sealed class LookAhead(
    IChunkReader reader, ObjectVersion version, SliceCursor cursor, LookAheadWindow window, CancellationToken clientGone) : IDisposable
{
    private SliceCursor _cursor = cursor;
    private Queue<(Slice Slice, Task<ChunkLease> Opening)>? _ahead;
    private CancellationTokenSource? _cancellation;
    private bool _metHotSlice;

    /// <summary>Opens the next slice, or hands out the one that was opened ahead.</summary>
    /// <exception cref="ChunkReadException">It cannot be had.</exception>
    public ValueTask<OpenedSlice> NextAsync()
    {
        if (_ahead is { Count: > 0 })
        {
            var (slice, opening) = _ahead.Dequeue();
            return HandOutAsync(slice, opening);
        }

        _metHotSlice = false;
        if (!_cursor.TryNext(out var next))
        {
            throw new InvalidOperationException("All slices have been opened.");
        }

        return reader.TryOpen(version, next, out var lease) ? new(new OpenedSlice(next, lease, IsHot: true)) : OpenAsync(next);
    }

    /// <summary>Opens further slices, up to the window. Called while a slice that was not hot is being written.</summary>
    public void Refill()
    {
        while (!_metHotSlice && (_ahead?.Count ?? 0) < window.Chunks && _cursor.TryNext(out var slice))
        {
            _cancellation ??= CancellationTokenSource.CreateLinkedTokenSource(clientGone);
            var opening = StartOpening(slice, _cancellation.Token);
            (_ahead ??= []).Enqueue((slice, opening));
            _metHotSlice = opening.IsCompletedSuccessfully && IsHot(opening.Result);
        }
    }

    /// <summary>Cancels what is being opened and gives back what is open. Does not wait: a lease that still comes is returned when it comes.</summary>
    public void Dispose()
    {
        _cancellation?.Cancel();
        while (_ahead is { Count: > 0 })
        {
            ReturnWhenOpen(_ahead.Dequeue().Opening);
        }

        _cancellation?.Dispose();
    }

    private async ValueTask<OpenedSlice> OpenAsync(Slice slice)
    {
        var lease = await reader.OpenAsync(version, slice, clientGone);
        return new OpenedSlice(slice, lease, IsHot(lease));
    }

    private static async ValueTask<OpenedSlice> HandOutAsync(Slice slice, Task<ChunkLease> opening)
    {
        var lease = await opening;
        return new OpenedSlice(slice, lease, IsHot(lease));
    }

    // A slice ahead that cannot be opened fails the response when its turn comes, not before.
    private async Task<ChunkLease> StartOpening(Slice slice, CancellationToken cancellationToken) =>
        reader.TryOpen(version, slice, out var lease) ? lease : await reader.OpenAsync(version, slice, cancellationToken);

    private static bool IsHot(in ChunkLease lease) => lease.IsInMemory && lease.Report.Source is ChunkSource.Memory or ChunkSource.NearCopy;

    private static void ReturnWhenOpen(Task<ChunkLease> opening) => _ = opening.ContinueWith(
        static opened =>
        {
            if (opened.IsCompletedSuccessfully)
            {
                opened.Result.Dispose();
            }

            _ = opened.Exception; // seen: nobody waits for this slice any more
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
