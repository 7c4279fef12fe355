using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Runs reads through the <see cref="ReadOrder"/>.</summary>
internal sealed class SliceReads
{
    private readonly IReadStep?[] _steps = new IReadStep?[Enum.GetValues<ReadStep>().Length];

    public SliceReads(
        MemoryReads memoryReads,
        PeerReads members,
        UncachedReads uncached,
        FillTable fills,
        MemoryTier memory,
        CacheMetrics metrics,
        ColdShares cold,
        DiskTier? disk = null)
    {
        this[ReadStep.Memory] = memoryReads;
        this[ReadStep.NearCopyFill] = new FillReads(fills, memoryReads, cold: null, disk);
        this[ReadStep.Members] = members;
        this[ReadStep.Fill] = new FillReads(fills, memoryReads, cold, disk);
        this[ReadStep.Uncached] = uncached;
        if (disk is not null)
        {
            this[ReadStep.FileUntilPromotion] = new FileReads(disk, fills, memory, metrics, untilPromotion: true);
            this[ReadStep.File] = new FileReads(disk, fills, memory, metrics, untilPromotion: false);
        }
    }

    /// <summary>Returns the implementation of the step; null if this process has no such place.</summary>
    public IReadStep? this[ReadStep step]
    {
        get => _steps[(int)step];
        private init => _steps[(int)step] = value;
    }

    /// <summary>Opens a slice for a client, after a miss in memory.</summary>
    /// <exception cref="ChunkReadException">No step has its bytes.</exception>
    public ValueTask<ChunkLease> OpenAfterMemoryAsync(ReadStep[] order, Chunk chunk, Slice slice, CancellationToken cancellationToken) =>
        new SliceRead(this, order, first: 1, chunk, FillPurpose.Own).OpenAsync(slice, cancellationToken);

    /// <summary>Opens a slice for a peer.</summary>
    /// <exception cref="ChunkReadException">No step has its bytes.</exception>
    public ValueTask<ChunkLease> OpenForPeerAsync(Chunk chunk, Slice slice, CancellationToken cancellationToken) =>
        new SliceRead(this, ReadOrder.Own, first: 0, chunk, FillPurpose.ForPeer).OpenAsync(slice, cancellationToken);

    /// <summary>Opens a slice of what this process has, for a peer that owns the chunk now. Returns null if it has none of the bytes.</summary>
    /// <remarks>Joins no fill: if the two members disagree about who owns the chunk, the fill may be waiting for the very member that asks.</remarks>
    public async ValueTask<ChunkLease?> TryOpenHeldAsync(Chunk chunk, Slice slice, CancellationToken cancellationToken)
    {
        try
        {
            return await new SliceRead(this, ReadOrder.Held, first: 0, chunk, FillPurpose.ForPeer).TryOpenAsync(slice, cancellationToken).ConfigureAwait(false);
        }
        catch (ChunkReadException)
        {
            return null; // the file is damaged
        }
    }
}
