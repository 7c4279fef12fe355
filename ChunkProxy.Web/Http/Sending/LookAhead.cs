using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>Opens the slices of one response in order, some of them ahead.</summary>
/// <remarks>
/// A slice that is hot in memory is opened when it is needed, and nothing is opened ahead. After a slice that is not hot, the next slices
/// are opened up to the window. A hot slice among them stops that until the next slice that is not hot.
/// Not thread-safe: only the response uses it.
/// </remarks>
internal sealed class LookAhead(
    IChunkReader reader, ObjectVersion version, SliceCursor cursor, LookAheadWindow window, IPAddress? client, CancellationToken clientGone) : IDisposable
{
    private SliceCursor _cursor = cursor;
    private Queue<(Slice Slice, Task<ChunkLease>? Opening)>? _ahead; // null: given back
    private CancellationTokenSource? _cancellation;
    private bool _metHotSlice;

    /// <summary>Slices opened ahead, or being opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Opens the next slice, or returns it if it was opened ahead.</summary>
    /// <exception cref="ChunkReadException">The slice is unavailable.</exception>
    public ValueTask<OpenedSlice> NextAsync()
    {
        if (_ahead is { Count: > 0 })
        {
            var (slice, opening) = _ahead.Dequeue();
            if (opening is null)
            {
                return OpenNowAsync(slice);
            }

            Opened--;
            return HandOutAsync(slice, opening);
        }

        _metHotSlice = false;
        if (!_cursor.TryNext(out var next))
        {
            throw new InvalidOperationException("All slices have been opened.");
        }

        return OpenNowAsync(next);
    }

    /// <summary>Opens a slice. Also for one that was given back, or the rest of one.</summary>
    /// <exception cref="ChunkReadException">The slice is unavailable.</exception>
    public ValueTask<OpenedSlice> OpenNowAsync(Slice slice) =>
        reader.TryOpen(version, slice, out var lease) ? new(new OpenedSlice(slice, lease, IsHot: true)) : OpenAsync(slice);

    /// <summary>Returns the leases of the slices that were opened ahead. They are opened again when they are needed.</summary>
    public void GiveBack()
    {
        Opened = 0;
        for (var left = _ahead?.Count ?? 0; left > 0; left--)
        {
            var (slice, opening) = _ahead!.Dequeue();
            ReturnWhenOpen(opening);
            _ahead.Enqueue((slice, null));
        }
    }

    /// <summary>Opens more slices, up to the window. Called while a slice that was not hot is written.</summary>
    public void Refill()
    {
        while (!_metHotSlice && (_ahead?.Count ?? 0) < window.Chunks && _cursor.TryNext(out var slice))
        {
            _cancellation ??= CancellationTokenSource.CreateLinkedTokenSource(clientGone);
            var opening = StartOpening(slice, _cancellation.Token);
            (_ahead ??= []).Enqueue((slice, opening));
            Opened++;
            _metHotSlice = opening.IsCompletedSuccessfully && IsHot(opening.Result);
        }
    }

    /// <summary>Cancels pending opens and returns open leases. Does not wait: a lease that arrives later is returned on arrival.</summary>
    public void Dispose() => CancelAhead();

    private async ValueTask<OpenedSlice> OpenAsync(Slice slice)
    {
        var lease = await reader.OpenAsync(version, slice, client, clientGone);
        return new OpenedSlice(slice, lease, IsHot(lease));
    }

    private async ValueTask<OpenedSlice> HandOutAsync(Slice slice, Task<ChunkLease> opening)
    {
        ChunkLease lease;
        try
        {
            lease = await opening;
        }
        catch (ChunkReadException error) when (error.Error is ProxyError.ClientLimited)
        {
            // It waited for the slices before it, which are written now. Those behind it must not be before it in the client's line.
            CancelAhead();
            return await OpenNowAsync(slice);
        }

        return new OpenedSlice(slice, lease, IsHot(lease));
    }

    private void CancelAhead()
    {
        _cancellation?.Cancel();
        GiveBack();
        _cancellation?.Dispose();
        _cancellation = null;
    }

    // If a slice ahead cannot be opened, the response fails when it reaches that slice, not before. If it waited too long for the client's own reads,
    // it is opened again then.
    private async Task<ChunkLease> StartOpening(Slice slice, CancellationToken cancellationToken) =>
        reader.TryOpen(version, slice, out var lease) ? lease : await reader.OpenAsync(version, slice, client, cancellationToken);

    private static bool IsHot(in ChunkLease lease) => lease.IsInMemory && lease.Report.Source is ChunkSource.Memory or ChunkSource.NearCopy;

    private static void ReturnWhenOpen(Task<ChunkLease>? opening) => _ = opening?.ContinueWith(
        static opened =>
        {
            if (opened.IsCompletedSuccessfully)
            {
                opened.Result.Dispose();
            }

            _ = opened.Exception; // mark the exception as observed: this slice is no longer needed
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
