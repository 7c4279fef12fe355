using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>A place where a reader looks for the bytes of a slice.</summary>
internal interface IReadStep
{
    /// <summary>Opens the slice, and completes when its first bytes are available. Returns null if this place does not have them.</summary>
    /// <param name="read">The read that the slice belongs to. A stream that breaks off continues with it.</param>
    /// <param name="slice">The bytes that are still wanted.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="ChunkReadException">No other place has the bytes either.</exception>
    ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken);
}
