using System.Collections;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Warming;

/// <summary>Snapshot of those chunks of a range that reads would find at the responsible members.</summary>
internal sealed class Holdings
{
    private readonly ClusterView _cluster;
    private readonly ObjectId _id;
    private readonly long _first;
    private readonly long _end;
    private readonly BitArray _own;
    private readonly Dictionary<string, BitArray?> _others; // by the member's label; null: no response

    /// <param name="cluster">The cluster.</param>
    /// <param name="id">The object.</param>
    /// <param name="map">Map of the version.</param>
    /// <param name="first">Index of the range's first chunk.</param>
    /// <param name="count">Number of chunks in the range, at most <see cref="ObjectWarmer.MostChunks"/>.</param>
    public Holdings(ClusterView cluster, ObjectId id, ClusterMap map, long first, long count)
    {
        _cluster = cluster;
        _id = id;
        _first = first;
        _end = first + count;
        _own = ChunksOf(map.Members.Single(member => member.IsSelf).Runs!);
        _others = map.Members.Where(member => !member.IsSelf).ToDictionary(member => member.Member, member => member.Runs is null ? null : ChunksOf(member.Runs));
        Cluster = string.Join(' ', [cluster.Owners.Epoch.Number.ToString("x16", null), .. _others.Where(other => other.Value is null).Select(other => other.Key).Order()]);
    }

    /// <summary>Identifies the epoch and the silent members. Snapshots with equal values differ only by fetches and evictions between them.</summary>
    public string Cluster { get; }

    /// <summary>Whether the chunk is at its owner, or at the stand-in of an owner that does not respond.</summary>
    public bool Has(long index)
    {
        foreach (var member in _cluster.MembersToAsk(_id, index))
        {
            if (_others.GetValueOrDefault(member.Label) is { } there)
            {
                return there[(int)(index - _first)];
            }
        }

        return _own[(int)(index - _first)];
    }

    private BitArray ChunksOf(IReadOnlyList<ChunkRun> runs)
    {
        var there = new BitArray((int)(_end - _first));
        foreach (var run in runs.Where(run => run.IsWhole && run.First < _end))
        {
            var last = Math.Min(_end - run.First, run.Count) + run.First; // no overflow, whatever a member says
            for (var index = Math.Max(run.First, _first); index < last; index++)
            {
                there[(int)(index - _first)] = true;
            }
        }

        return there;
    }
}
