using System.Collections.Immutable;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>What the processes of a cluster did together.</summary>
/// <param name="SentBytes">Bytes of bodies handed to clients by the processes that are known: front ends that own nothing know of no other.</param>
/// <param name="ServedBytes">Bytes of chunks that members sent each other and to front ends.</param>
/// <param name="OriginBytes">Bytes of chunks received from the origin.</param>
/// <param name="Reads">Slices by the tier that had their bytes, in the order of <see cref="ChunkSource"/>. A read at another member counts there, where the tier is known.</param>
internal sealed record ClusterTotals(long SentBytes, long ServedBytes, long OriginBytes, ImmutableArray<long> Reads)
{
    public static ClusterTotals None { get; } = new(0, 0, 0, [.. Enum.GetValues<ChunkSource>().Select(_ => 0L)]);

    /// <summary>Bytes that clients got, at least.</summary>
    /// <remarks>
    /// Two figures that are never too high: what the known front ends sent (which misses unknown ones), and what went from members to
    /// whomever (which misses what front ends had themselves). Hardly: of a client that leaves, the last slice is served and not sent.
    /// </remarks>
    public long ClientBytes => Math.Max(SentBytes, ServedBytes);

    /// <summary>How much less the origin sent than the clients got; below zero while more was fetched than watched.</summary>
    public long SavedBytes => ClientBytes - OriginBytes;

    /// <summary>The same, as it is shown.</summary>
    public TotalFigures Shown => new(
        ClientBytes, OriginBytes, SavedBytes, Enum.GetValues<ChunkSource>().Where(source => source is not (ChunkSource.Peer or ChunkSource.PeerOrigin)).ToDictionary(source => source, source => Reads[(int)source]));

    public static ClusterTotals Of(ProcessFigures process) => new(
        process.ClientBytes, process.ServedBytes, process.OriginBytes, ReadsOf(source => process.Reads.GetValueOrDefault(source) + process.Served.GetValueOrDefault(source)));

    /// <summary>Returns <see cref="Reads"/>.</summary>
    /// <param name="slices">Of a tier, those opened for clients of the process and for those of others.</param>
    public static ImmutableArray<long> ReadsOf(Func<ChunkSource, long> slices) =>
        [.. Enum.GetValues<ChunkSource>().Select(source => source is ChunkSource.Peer or ChunkSource.PeerOrigin ? 0 : slices(source))];

    public static ClusterTotals operator +(ClusterTotals a, ClusterTotals b) => Combine(a, b, (x, y) => x + y);

    public static ClusterTotals operator -(ClusterTotals a, ClusterTotals b) => Combine(a, b, (x, y) => x - y);

    private static ClusterTotals Combine(ClusterTotals a, ClusterTotals b, Func<long, long, long> each) =>
        new(each(a.SentBytes, b.SentBytes), each(a.ServedBytes, b.ServedBytes), each(a.OriginBytes, b.OriginBytes), [.. a.Reads.Zip(b.Reads, each)]);
}
