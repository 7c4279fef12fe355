using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Combined totals of the processes of a cluster.</summary>
/// <param name="SentBytes">Body bytes sent to clients by known processes. Front ends that own nothing are not known to others.</param>
/// <param name="ServedBytes">Bytes of chunks that members sent to each other and to front ends.</param>
/// <param name="OriginBytes">Bytes of chunks received from the origin.</param>
/// <param name="Reads">Slices by tier, in the order of <see cref="ChunkSource"/>. A read at another member counts there.</param>
internal sealed record ClusterTotals(long SentBytes, long ServedBytes, long OriginBytes, long[] Reads)
{
    public static ClusterTotals None { get; } = new(0, 0, 0, ReadsOf(static _ => 0));

    /// <summary>Lower bound of the bytes sent to clients.</summary>
    /// <remarks>
    /// The larger of two lower bounds: bytes that known front ends sent (misses unknown front ends), and bytes that members served to any process
    /// (misses what front ends served themselves). A small error remains: the last slice of a client that disconnects is served but not sent.
    /// </remarks>
    public long ClientBytes => Math.Max(SentBytes, ServedBytes);

    /// <summary>Bytes sent to clients minus bytes from the origin. Negative while more was fetched than sent.</summary>
    public long SavedBytes => ClientBytes - OriginBytes;

    /// <summary>The totals for display.</summary>
    public TotalFigures Shown => new(
        ClientBytes, OriginBytes, SavedBytes, Enum.GetValues<ChunkSource>().Where(source => source is not (ChunkSource.Peer or ChunkSource.PeerOrigin)).ToDictionary(source => source, source => Reads[(int)source]));

    public static ClusterTotals Of(ProcessFigures process) => new(
        process.ClientBytes, process.ServedBytes, process.OriginBytes, ReadsOf(source => process.Reads.GetValueOrDefault(source) + process.Served.GetValueOrDefault(source)));

    /// <summary>Computes <see cref="Reads"/>.</summary>
    /// <param name="slices">Slices of a tier, opened for local clients and for clients of other processes.</param>
    public static long[] ReadsOf(Func<ChunkSource, long> slices) =>
        Array.ConvertAll(Enum.GetValues<ChunkSource>(), source => source is ChunkSource.Peer or ChunkSource.PeerOrigin ? 0 : slices(source));

    public static ClusterTotals operator +(ClusterTotals a, ClusterTotals b) => Combine(a, b, (x, y) => x + y);

    public static ClusterTotals operator -(ClusterTotals a, ClusterTotals b) => Combine(a, b, (x, y) => x - y);

    private static ClusterTotals Combine(ClusterTotals a, ClusterTotals b, Func<long, long, long> each) => new(
        each(a.SentBytes, b.SentBytes),
        each(a.ServedBytes, b.ServedBytes),
        each(a.OriginBytes, b.OriginBytes),
        ReadsOf(source => each(a.Reads[(int)source], b.Reads[(int)source])));
}
