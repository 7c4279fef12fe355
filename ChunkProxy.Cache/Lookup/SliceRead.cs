using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>One read on its way through a <see cref="ReadOrder"/>, for one reader. It tries each step once.</summary>
internal sealed class SliceRead(SliceReads steps, ReadStep[] order, int first, Chunk chunk, FillPurpose purpose)
{
    private int _next = first;

    public Chunk Chunk => chunk;

    /// <summary>For whom the bytes are read.</summary>
    public FillPurpose Purpose => purpose;

    /// <summary>Opens the slice at the first of the remaining steps that has its bytes. Returns null if none has them.</summary>
    public async ValueTask<ChunkLease?> TryOpenAsync(Slice slice, CancellationToken cancellationToken)
    {
        while (_next < order.Length)
        {
            if (steps[order[_next++]] is { } step && await step.TryOpenAsync(this, slice, cancellationToken).ConfigureAwait(false) is { } lease)
            {
                return lease;
            }
        }

        return null;
    }

    /// <summary>Opens the slice at the first of the remaining steps that has its bytes.</summary>
    /// <exception cref="ChunkReadException">No remaining step has the bytes.</exception>
    public async ValueTask<ChunkLease> OpenAsync(Slice slice, CancellationToken cancellationToken) =>
        await TryOpenAsync(slice, cancellationToken).ConfigureAwait(false)
        ?? throw new ChunkReadException(ProxyError.OriginMisbehaved, "the chunk cannot be read here");
}
